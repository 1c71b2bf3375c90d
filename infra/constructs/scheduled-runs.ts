import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { type IRole, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import {
  ContextAttribute,
  Schedule,
  type ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
} from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { FailureQueue } from "./failure-queue.ts";
import type { Operations } from "./operations.ts";

export type ScheduledRunsProps = {
  readonly operations: Operations;
};

export type RunProps = {
  readonly function: LambdaFunction;
  readonly schedule: ScheduleExpression;
  readonly description: string;
  /** Goes with the event, beside `scheduledTime`. */
  readonly input?: Record<string, string>;
};

/** What runs by the clock. A run that cannot be delivered, or fails for good, is kept. */
export class ScheduledRuns extends Construct {
  readonly failedRuns: IQueue;
  readonly #group: ScheduleGroup;
  readonly #role: Role;

  constructor(scope: Construct, id: string, { operations }: ScheduledRunsProps) {
    super(scope, id);
    this.failedRuns = new FailureQueue(this, "FailedRuns", {
      operations,
      impact:
        "A scheduled run was lost: last night's scoring, a cost report or the sweep for unsent alerts did not happen.",
      runbook: "a-scheduled-run-was-lost",
      filledBy:
        "Scheduler and Lambda send it the events of runs that could not start or kept failing",
    }).queue;
    this.#group = new ScheduleGroup(this, "Group", {
      scheduleGroupName: `${Stack.of(this).stackName}-runs`,
      // It holds nothing but these schedules; left behind, its name would block a new stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: {
          StringEquals: {
            "aws:SourceAccount": Stack.of(this).account,
            "aws:SourceArn": this.#group.scheduleGroupArn,
          },
        },
      }),
    });
    this.#allow("sqs:SendMessage", this.failedRuns.queueArn);
  }

  /** Invokes the function at the times of the schedule with `{ scheduledTime, …input }`. */
  run(scope: Construct, id: string, props: RunProps): void {
    this.#allow("lambda:InvokeFunction", props.function.functionArn);
    new Schedule(scope, id, {
      scheduleGroup: this.#group,
      schedule: props.schedule,
      description: props.description,
      target: new LambdaInvoke(props.function, {
        role: this.#roleAsIs(),
        input: ScheduleTargetInput.fromObject({
          scheduledTime: ContextAttribute.scheduledTime,
          ...props.input,
        }),
        deadLetterQueue: this.failedRuns,
        maxEventAge: Duration.hours(1),
        retryAttempts: 10,
      }),
    });
  }

  // The target would also grant every version and alias of the function, which are never invoked.
  #roleAsIs(): IRole {
    return this.#role.withoutPolicyUpdates();
  }

  #allow(action: string, resourceArn: string): void {
    this.#role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resourceArn] }));
  }
}
