/** What a person needs who has just started the local stack. */
export type StartedStack = {
  readonly apiUrl: string;
  readonly senderKey: string;
  readonly webhookSecret: string;
  /** Folder of the state, as the person would write it. */
  readonly stateDir: string;
};

/** The lines to paste, and where things are. Paths are relative to the project. */
export function startText({ apiUrl, senderKey, webhookSecret, stateDir }: StartedStack): string {
  return `Outpace runs at ${apiUrl}. Ctrl-C stops it; its state stays in ${stateDir}/.

Paste into the shell that runs Claude Code, with your e-mail address in the last line:

  export CLAUDE_CODE_ENABLE_TELEMETRY=1
  export OTEL_LOGS_EXPORTER=otlp
  export OTEL_METRICS_EXPORTER=otlp
  export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
  export OTEL_EXPORTER_OTLP_ENDPOINT=${apiUrl}
  export OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer ${senderKey}"
  export OTEL_RESOURCE_ATTRIBUTES="enduser.id=you@example.com"

GitHub webhook (repository or organisation settings, Webhooks):

  Payload URL    ${apiUrl}/webhooks/github   (GitHub needs a tunnel to reach this machine)
  Content type   application/json
  Secret         ${webhookSecret}
  Events         Pull requests, Pushes, Deployment statuses

Who is in which team:   npm run directory -- import directory.csv
More sender keys:       npm run keys -- create --source any
What was put aside:     npm run quarantine -- list
Reports, alerts, logs:  ${stateDir}/s3/   ${stateDir}/outbox/   ${stateDir}/logs/
`;
}
