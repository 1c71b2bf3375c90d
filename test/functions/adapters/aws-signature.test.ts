import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { signedHeaders } from "../../../functions/adapters/aws-signature.ts";

const CREDENTIALS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

type SentRequest = { readonly headers: Record<string, string>; readonly body: string };

/** A request as the SDK itself signs it. */
async function signedByTheSdk(sessionToken?: string): Promise<SentRequest> {
  const requests: SentRequest[] = [];
  const client = new SecretsManagerClient({
    region: "eu-west-1",
    credentials: { ...CREDENTIALS, ...(sessionToken && { sessionToken }) },
    requestHandler: {
      handle: async (request: SentRequest) => {
        requests.push(request);
        throw new Error("not sent");
      },
    },
    maxAttempts: 1,
  });
  await expect(client.send(new GetSecretValueCommand({ SecretId: "naïve ü" }))).rejects.toThrow();
  const [request] = requests;
  if (request === undefined) {
    throw new Error("the SDK sent nothing");
  }
  return request;
}

describe("signedHeaders", () => {
  test.each([
    ["a role's temporary", "a-session-token"],
    ["a user's", undefined],
  ])("signs as the SDK does, with %s credentials", async (_, sessionToken) => {
    const { headers, body } = await signedByTheSdk(sessionToken);
    const lowerCase = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const names = /SignedHeaders=([^,]+)/.exec(lowerCase["authorization"] ?? "")?.[1]?.split(";");
    const date = lowerCase["x-amz-date"] ?? "";
    const toSign = (names ?? []).filter(
      (name) => !["x-amz-date", "x-amz-security-token"].includes(name),
    );

    const signed = signedHeaders(
      {
        service: "secretsmanager",
        region: "eu-west-1",
        headers: Object.fromEntries(toSign.map((name) => [name, lowerCase[name] ?? ""])),
        body: String(body),
        atMs: Date.parse(
          date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
        ),
      },
      { ...CREDENTIALS, sessionToken },
    );

    expect(names).toContain("host");
    expect(signed["authorization"]).toBe(lowerCase["authorization"]);
  });

  test("another body, time, service or key makes another signature", () => {
    const request = {
      service: "codedeploy",
      region: "eu-west-1",
      headers: { host: "codedeploy.eu-west-1.amazonaws.com" },
      body: "{}",
      atMs: Date.UTC(2026, 10, 21),
    };
    const variants = [
      signedHeaders(request, CREDENTIALS),
      signedHeaders({ ...request, body: "[]" }, CREDENTIALS),
      signedHeaders({ ...request, atMs: request.atMs + 1000 }, CREDENTIALS),
      signedHeaders({ ...request, service: "codepipeline" }, CREDENTIALS),
      signedHeaders(request, { ...CREDENTIALS, secretAccessKey: "another" }),
    ];

    const signatures = variants.map(
      ({ authorization = "" }) => authorization.split("Signature=")[1],
    );

    expect(new Set(signatures).size).toBe(variants.length);
  });
});
