/** How far an import is. */
export type ImportState = {
  readonly bytesRead: number;
  readonly bytes: number;
  readonly calls: number;
  readonly elapsedMs: number;
};

const BAR_WIDTH = 24;
const MEGABYTE = 1_000_000;
/** Sooner, the rate says little. */
const STEADY_AFTER_MS = 1_500;

/** One line: a bar, and what a person who waits wants to know. */
export function importProgressText({ bytesRead, bytes, calls, elapsedMs }: ImportState): string {
  const share = bytes === 0 ? 1 : Math.min(1, bytesRead / bytes);
  const full = Math.floor(share * BAR_WIDTH);
  const bar = `[${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}]`;
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  const size = `${megabytes(bytesRead)} of ${megabytes(bytes)} MB`;
  return `${bar} ${percent}  ${size}  ${calls.toLocaleString("en-US")} calls${timeLeft(share, elapsedMs)}`;
}

export function megabytes(bytes: number): string {
  const amount = bytes / MEGABYTE;
  return amount < 10 ? amount.toFixed(1) : amount.toFixed(0);
}

function timeLeft(share: number, elapsedMs: number): string {
  if (elapsedMs < STEADY_AFTER_MS || share === 0 || share === 1) {
    return "";
  }
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1_000);
  return seconds < 60 ? `  ${seconds} s left` : `  ${Math.ceil(seconds / 60)} min left`;
}
