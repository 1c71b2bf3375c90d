import { Duration, Validations } from "aws-cdk-lib";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Operations } from "./operations.ts";

export type FailureQueueProps = {
  readonly operations: Operations;
  /** What it means for a person that something is in the queue: a sentence, for the alarm. */
  readonly impact: string;
  readonly runbook: string;
  /**
   * Who sends to it, and what: for the record of why it has no dead-letter queue itself.
   * @default - another queue moves its messages here
   */
  readonly filledBy?: string;
};

/** Keeps for 14 days, the longest that SQS can, what failed for good; and says so. */
export class FailureQueue extends Construct {
  readonly queue: IQueue;

  constructor(scope: Construct, id: string, props: FailureQueueProps) {
    super(scope, id);
    const queue = new Queue(this, "Queue", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = queue;
    if (props.filledBy !== undefined) {
      Validations.of(queue).acknowledge({
        id: "AwsSolutions-SQS3",
        reason: `This is the end of the line, watched by an alarm: ${props.filledBy}.`,
      });
    }
    props.operations.alarm(this, "Depth", {
      metric: queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: "Maximum",
      }),
      impact: props.impact,
      runbook: props.runbook,
    });
  }
}
