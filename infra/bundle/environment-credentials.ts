/** Of what the SDK's own provider chain answers, the part that a function's environment holds. */
export type EnvironmentCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles. Lambda puts the role's
 * credentials in the environment, where the SDK looks first anyway; without the rest of its chain
 * (profiles, SSO, instance metadata) a bundle is a third smaller. They hold for as long as the
 * execution environment lives, so that there is nothing to refresh.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function defaultProvider(): () => Promise<EnvironmentCredentials> {
  return async () => {
    const accessKeyId = process.env["AWS_ACCESS_KEY_ID"];
    const secretAccessKey = process.env["AWS_SECRET_ACCESS_KEY"];
    const sessionToken = process.env["AWS_SESSION_TOKEN"];
    if (!(accessKeyId && secretAccessKey)) {
      throw new Error(
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set: this bundle looks for credentials nowhere else",
      );
    }
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  };
}
