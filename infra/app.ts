import { Annotations } from "aws-cdk-lib";
import type { Configuration } from "./config/configuration.ts";
import { loadConfiguration } from "./config/load-configuration.ts";
import { outpaceApp } from "./synthesise.ts";

const configuration = await loadConfiguration(process.env["OUTPACE_CONFIG"]);
const { stack } = outpaceApp({
  configuration,
  checks: process.env["CDK_VALIDATION"] !== "false",
});
const unread = exampleAddresses(configuration);
if (unread.length > 0) {
  Annotations.of(stack).addWarningV2(
    "outpace:exampleAddresses",
    `nobody reads ${unread.join(", ")}: edit outpace.config.ts before you deploy`,
  );
}

function exampleAddresses({ owners, operationsEmails }: Configuration): readonly string[] {
  return [...owners.map(({ email }) => email), ...operationsEmails].filter((email) =>
    email.endsWith("@example.com"),
  );
}
