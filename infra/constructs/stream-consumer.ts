import { Duration } from "aws-cdk-lib";
import { Grant } from "aws-cdk-lib/aws-iam";
import {
  EventSourceMapping,
  FilterCriteria,
  type Function as LambdaFunction,
  StartingPosition,
} from "aws-cdk-lib/aws-lambda";
import { SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Construct } from "constructs";
import type { FailureQueue } from "./failure-queue.ts";

export type StreamConsumerProps = {
  readonly streamArn: string;
  readonly consumer: LambdaFunction;
  /** Pattern that a record has to match. */
  readonly filter: Record<string, unknown>;
  readonly batchSize: number;
  /** How long to gather records before the function is called. */
  readonly window: Duration;
  readonly failures: FailureQueue;
};

/**
 * Feeds a function from a table's stream. A record that keeps failing is cut out of its batch, and
 * after a day or ten attempts its position goes to the failure queue, so that it holds up no other.
 */
export function consumeStream(scope: Construct, id: string, props: StreamConsumerProps): void {
  const { streamArn, consumer, failures } = props;
  const grant = Grant.addToPrincipal({
    grantee: consumer,
    actions: [
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
      "dynamodb:ListStreams",
    ],
    resourceArns: [streamArn],
  });
  const mapping = new EventSourceMapping(scope, id, {
    target: consumer,
    eventSourceArn: streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: props.batchSize,
    maxBatchingWindow: props.window,
    filters: [FilterCriteria.filter(props.filter)],
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: 10,
    maxRecordAge: Duration.days(1),
    onFailure: new SqsDlq(failures.queue),
  });
  // Lambda checks on creation that the role may read the stream.
  grant.applyBefore(mapping);
}
