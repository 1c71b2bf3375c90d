import { type Random, randomStream } from "../../../../infra/demo/random.ts";
import type { Contestant } from "../contestant.ts";
import { quantile } from "../measures/order-statistics.ts";
import { HISTORY_WEEKS } from "../organisation/work.ts";
import { type PlainWeek, plainWeeks, verdicts } from "./weekly-rules.ts";

export type Point = readonly number[];
type Box = { readonly low: number; readonly high: number };
type Node = {
  readonly size: number;
  readonly boxes: readonly Box[];
  readonly split?: {
    readonly at: number;
    readonly value: number;
    readonly below: Node;
    readonly above: Node;
  };
};

const TREES = 50;
const SAMPLE = 128;
const SEED = 1;
const FLAGGED_SHARE = 0.05;

/** Which side of a box is cut: any side alike, or each with a chance by its length. */
export type CutRule = "any side" | "by length";

/** Trees of random cuts, each on a sample of the points. */
export function randomForest(points: readonly Point[], rule: CutRule): readonly Node[] {
  const random = randomStream(SEED, `forest cut ${rule}`);
  return Array.from({ length: TREES }, () => {
    const sample = points
      .map((point) => ({ point, order: random.unit() }))
      .sort((a, b) => a.order - b.order)
      .slice(0, SAMPLE)
      .map(({ point }) => point);
    return grow(random, sample, rule);
  });
}

function grow(random: Random, points: readonly Point[], rule: CutRule): Node {
  const dimensions = points[0]?.length ?? 0;
  const boxes = Array.from({ length: dimensions }, (_, at) => {
    const values = points.map((point) => point[at] ?? 0);
    return { low: Math.min(...values), high: Math.max(...values) };
  });
  const lengths = boxes.map(({ low, high }) => (rule === "by length" ? high - low : +(high > low)));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (points.length < 2 || total === 0) {
    return { size: points.length, boxes };
  }
  const at = drawIndex(random, lengths, total);
  const { low, high } = boxes[at] ?? { low: 0, high: 0 };
  const value = random.between(low, high);
  const isBelow = (point: Point) => (point[at] ?? 0) <= value;
  const below = grow(random, points.filter(isBelow), rule);
  const above = grow(
    random,
    points.filter((point) => !isBelow(point)),
    rule,
  );
  return { size: points.length, boxes, split: { at, value, below, above } };
}

/** Each index with a chance by its length. */
function drawIndex(random: Random, lengths: readonly number[], total: number): number {
  let left = random.unit() * total;
  for (const [at, length] of lengths.entries()) {
    left -= length;
    if (left < 0) {
      return at;
    }
  }
  return lengths.findLastIndex((length) => length > 0);
}

/** Isolation forest: the shorter the path to a point, the higher. */
export function isolation(forest: readonly Node[], point: Point): number {
  return -forest.reduce((sum, tree) => sum + pathLength(tree, point), 0) / forest.length;
}

function pathLength(node: Node, point: Point): number {
  if (node.split === undefined) {
    // Average path in a tree of so many points.
    return node.size < 2 ? 0 : 2 * (Math.log(node.size - 1) + 0.5772156649) - 2 + 2 / node.size;
  }
  const { at, value, below, above } = node.split;
  return 1 + pathLength((point[at] ?? 0) <= value ? below : above, point);
}

/**
 * Random cut forest, our approximation: points that a new one would part from, as expected on its way
 * down, were it inserted. No cut is drawn again for it.
 */
export function displacement(forest: readonly Node[], point: Point): number {
  return forest.reduce((sum, tree) => sum + displaced(tree, point), 0) / forest.length;
}

function displaced(node: Node, point: Point): number {
  const outside = node.boxes.reduce((sum, { low, high }, at) => {
    const value = point[at] ?? 0;
    return sum + Math.max(0, low - value) + Math.max(0, value - high);
  }, 0);
  const span = node.boxes.reduce((sum, { low, high }) => sum + high - low, 0);
  const parts = outside === 0 ? 0 : outside / (outside + span);
  if (node.split === undefined) {
    return parts * node.size;
  }
  const { at, value, below, above } = node.split;
  const next = (point[at] ?? 0) <= value ? below : above;
  return parts * node.size + (1 - parts) * displaced(next, point);
}

export const isolationForest = forestContestant("isolation forest", "any side", isolation);
export const randomCutForest = forestContestant("random cut forest", "by length", displacement);

function forestContestant(
  name: string,
  rule: CutRule,
  score: (forest: readonly Node[], point: Point) => number,
): Contestant {
  return {
    name,
    judge: (organisation) => {
      const weeks = plainWeeks(organisation);
      const history = weeks.filter(({ week }) => week < HISTORY_WEEKS).map(features);
      const forest = randomForest(history, rule);
      const limit = quantile(
        history.map((point) => score(forest, point)),
        1 - FLAGGED_SHARE,
      );
      return verdicts(weeks, (week) => {
        const own = score(forest, features(week));
        return { score: own, isFlagged: own > limit };
      });
    },
  };
}

function features({ usd, calls, sessions, outcomes }: PlainWeek): Point {
  return [
    Math.log(usd),
    Math.log(calls),
    Math.log(sessions),
    Math.log(usd / calls),
    Math.log(1 + outcomes),
    Math.log(usd / (1 + outcomes)),
  ];
}
