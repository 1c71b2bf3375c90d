/** Where finance pulls reports from. */
export type ReportStore = {
  readonly put: (path: string, contentType: string, body: string) => Promise<void>;
};
