/**
 * Stands in for `@smithy/core/event-streams` in the bundles. Clients load it for the few operations
 * that stream events, such as S3's SelectObjectContent; no function calls one.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error("event streams are not bundled: see infra/bundle/no-event-streams.ts");
  }
}

export function eventStreamSerdeProvider(): undefined {
  return undefined;
}

export function resolveEventStreamSerdeConfig<T>(clientConfig: T): T {
  return clientConfig;
}
