import { genaiPriceBook } from "../../shared/pricing/genai-price-book.ts";
import { draw } from "./draws.ts";
import { faultDraws } from "./fault-draws.ts";
import { ingestRun } from "./ingest-run.ts";
import { ledgerStream } from "./ledger-stream.ts";
import { eventsByUserDay, pseudonyms } from "./oracle.ts";
import { requestPlan } from "./request-plan.ts";
import { rollUpRun } from "./roll-up-run.ts";
import { sampledReads } from "./sampled-reads.ts";
import type { SoakArguments } from "./soak-arguments.ts";
import { type SoakCloud, startSoakCloud } from "./soak-cloud.ts";
import type { SoakResult } from "./soak-result.ts";
import { storedBooks } from "./stored-books.ts";
import { usagePlan } from "./usage-plan.ts";
import { verifyBooks } from "./verify-books.ts";

const FAULT_SHARE = 0.12;
/** Of the kills, those that meet a recomputation. */
const ROLL_UP_KILL_SHARE = 0.2;
const MOST_SAMPLES = 400;
const EVENTS_PER_SAMPLE = 500;
const REMARKS = 20;
const FOR_KILL = 600;

type Say = (line: string) => void;

/** Sends everything, breaks everything, and compares what is left with the oracle. */
export async function runSoak(options: SoakArguments, say: Say): Promise<SoakResult> {
  const { seed, events } = options;
  const plan = usagePlan(seed, events);
  const requests = requestPlan(plan);
  say(`${requests.requests.length} requests of ${events} events; building and starting`);
  const cloud = await startSoakCloud();
  try {
    const books = storedBooks(cloud.operator, {
      ledger: cloud.ledgerTable,
      insights: cloud.insightsTable,
    });
    const days = eventsByUserDay(plan, pseudonyms(await cloud.pseudonymKey()));
    const lanes = Math.max(2, Math.floor(options.workers / 2));
    const processes = {
      ingest: cloud.processes("IngestionIngestUsage", options.workers),
      rollUp: cloud.processes("RollUp", lanes),
    };
    const samples = sampledReads(seed, [...days.keys()], books, genaiPriceBook());
    const driven = await drive({ options, cloud, plan, requests, processes, lanes, samples, say });
    say("comparing with the oracle");
    const verified = await verifyBooks({ cloud, plan, days, books, rollUp: processes.rollUp });
    return {
      arguments: options,
      plan: requests,
      ...driven,
      ...verified,
      // Now: the last of them meet the rebuild.
      kills: { ingest: processes.ingest.kills(), rollUp: processes.rollUp.kills() },
      samples: { reads: samples.reads(), behind: samples.behind(), violations: samples.violations },
      denied: cloud.gateway.denied.length,
    };
  } finally {
    await cloud.close();
  }
}

type Drive = {
  readonly options: SoakArguments;
  readonly cloud: SoakCloud;
  readonly plan: ReturnType<typeof usagePlan>;
  readonly requests: ReturnType<typeof requestPlan>;
  readonly processes: Record<"ingest" | "rollUp", ReturnType<SoakCloud["processes"]>>;
  readonly lanes: number;
  readonly samples: ReturnType<typeof sampledReads>;
  readonly say: Say;
};

/** Runs ingestion and roll-up side by side until everything is answered and summed up. */
async function drive({ options, cloud, plan, requests, processes, lanes, samples, say }: Drive) {
  const { seed, workers, kills, events } = options;
  const { ingest, rollUp } = processes;
  const faults = faultDraws(seed, FAULT_SHARE);
  cloud.gateway.faults.push(faults.fault);
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const rolling = rollUpRun({
    seed,
    processes: rollUp,
    lanes,
    read: await ledgerStream(cloud.backend, cloud.ledgerTable),
    ...cloud.rollUpBatches,
  });
  const total = requests.requests.length;
  let sampling = Promise.resolve();
  const milestones = [
    schedule(total, kills, (number) => {
      const pool = draw(seed, number, FOR_KILL) < ROLL_UP_KILL_SHARE ? rollUp : ingest;
      pool.killNext(draw(seed, number, FOR_KILL + 1));
    }),
    schedule(total, Math.min(MOST_SAMPLES, Math.ceil(events / EVENTS_PER_SAMPLE)), () => {
      sampling = sampling.then(samples.sample);
    }),
    schedule(total, REMARKS, (number) => {
      const { before, after } = faults.injected();
      say(
        `${number} of ${REMARKS} parts after ${seconds().toFixed(0)} s: ${ingest.kills() + rollUp.kills()} kills, ${before + after} faults`,
      );
    }),
  ];
  const ingested = await ingestRun(plan, requests.requests, ingest, workers, (answered) => {
    for (const reach of milestones) {
      reach(answered);
    }
  });
  const ingestSeconds = seconds();
  await Promise.all([sampling, rolling.finish()]);
  cloud.gateway.faults.length = 0;
  return {
    ingest: ingested,
    rollUp: rolling.totals,
    faults: { ...faults.injected(), calls: faults.calls() },
    writeUnits: {
      ledger: cloud.capacity.units({ function: "Ingestion", operation: "UpdateItem" }),
      rollUps: cloud.capacity.units({ function: "RollUp", operation: "PutItem" }),
    },
    seconds: { ingest: ingestSeconds, run: seconds() },
  };
}

/** Acts `times` times, spread evenly over the way from 0 to `total`. */
function schedule(total: number, times: number, act: (number: number) => void) {
  let done = 0;
  return (step: number): void => {
    while (done < times && step >= ((done + 0.5) * total) / (times + 1)) {
      done += 1;
      act(done);
    }
  };
}
