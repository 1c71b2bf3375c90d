import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Template } from "../../infra/local/template.ts";
import type { LoopbackApi } from "./loopback-api.ts";
import { type RunningStack, runStack } from "./running-stack.ts";

/** Boots the stack with its collectors' API on this machine, and the key in its secret. */
export async function runCollectingStack(api: LoopbackApi, key: string): Promise<RunningStack> {
  const stack = await runStack({ template: withApiAt(api.url) });
  await new SecretsManagerClient(stack.host.operator).send(
    new PutSecretValueCommand({
      SecretId: stack.output("AnthropicKeySecretArn"),
      SecretString: key,
    }),
  );
  return stack;
}

/** Puts an address in place of the one that the assembly was synthesised with. */
function withApiAt(url: string) {
  return (template: Template) => {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === "AWS::Lambda::Function") {
        Properties["Environment"] = JSON.parse(
          JSON.stringify(Properties["Environment"]).replaceAll("http://127.0.0.1:9", url),
        );
      }
    }
  };
}
