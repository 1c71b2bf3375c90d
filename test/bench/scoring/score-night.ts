import { startOfDay } from "../../../shared/ledger/calendar.ts";
import { firstDayOfNight, judgeNight, NIGHT_DAYS } from "../../../shared/scoring/judge-night.ts";
import { nightAlerts } from "../../../shared/scoring/night-alerts.ts";
import { learnRunawayLimits } from "../../../shared/scoring/runaway-limit.ts";
import { nightInput } from "./night-input.ts";
import { rollingZ } from "./rolling-z.ts";

/**
 * Judges one night of so many people, and prints what it took: run as a process of its own, as memory
 * is measured of all of it, and as a night's function begins cold.
 */
const MEGABYTE = 1_000_000;
const people = Number(process.argv[2] ?? 1_000);

const input = nightInput(people);
const inputMegabytes = Math.round(process.memoryUsage().rss / MEGABYTE);

const floor = measured(() =>
  rollingZ(input.userDays, startOfDay(firstDayOfNight(input.asOfMs)), NIGHT_DAYS),
);
const night = measured(() => {
  const judged = judgeNight(input);
  const { runawayAlpha: alpha, sessionHardCapUsd: hardCapUsd } = input.settings.scoring;
  learnRunawayLimits(judged.sessions.finished, { alpha, hardCapUsd });
  return { judged, alerts: nightAlerts(judged, input.settings, input.directory) };
});
const { judged, alerts } = night.value;
process.stdout.write(
  `${JSON.stringify({
    sessions: input.sessionDays.length,
    people,
    peopleScored: judged.windows.scores.filter(({ kind }) => kind === "scored").length,
    sessionsScored: judged.sessions.all.filter(
      (session) => judged.sessions.scoreOf(session).kind === "scored",
    ).length,
    alerts: alerts.length,
    cpuSeconds: night.cpuSeconds,
    seconds: night.seconds,
    floorCpuSeconds: floor.cpuSeconds,
    inputMegabytes,
    peakRssMegabytes: Math.round((process.resourceUsage().maxRSS * 1024) / MEGABYTE),
  })}\n`,
);

function measured<Value>(run: () => Value) {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const value = run();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedMs) / 1000;
  return { value, seconds, cpuSeconds: (user + system) / 1_000_000 };
}
