import { type RemovalPolicy, Validations } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

export type GeneratedSecretProps = {
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
  /**
   * Why it is not rotated by the clock.
   * @default - acknowledged where it is made
   */
  readonly notRotated?: string;
};

/** 64 letters and digits, made by CloudFormation: no template, log or person sees the value. */
export class GeneratedSecret extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const secret = new Secret(this, "Secret", {
      description: props.description,
      removalPolicy: props.removalPolicy,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    this.arn = secret.secretArn;
    if (props.notRotated !== undefined) {
      Validations.of(secret).acknowledge({ id: "AwsSolutions-SMG4", reason: props.notRotated });
    }
  }

  grantRead(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ["secretsmanager:GetSecretValue"],
      resourceArns: [this.arn],
    }).assertSuccess();
  }
}
