import type { ReportStore } from "../../shared/ports/report-store.ts";

export type StoredReport = { readonly contentType: string; readonly body: string };

/** Keeps reports by path, in the order they were first written. */
export function inMemoryReportStore() {
  const reports = new Map<string, StoredReport>();
  const store: ReportStore = {
    put: (path, contentType, body) => {
      reports.set(path, { contentType, body });
      return Promise.resolve();
    },
  };
  return { ...store, reports };
}
