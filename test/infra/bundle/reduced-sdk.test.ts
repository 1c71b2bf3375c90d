import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildApp } from "fauxqs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  reducedSdk,
  UnknownSchemaNameError,
  withLiteralKeys,
} from "../../../infra/bundle/reduced-sdk.ts";

/** What the functions do with S3 and SNS, bundled as they are. */
const PROGRAM = `
  import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
  import { CreateTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
  const s3 = new S3Client({ forcePathStyle: true });
  const sns = new SNSClient({});
  const get = (Key) => s3.send(new GetObjectCommand({ Bucket: "outpace-reports", Key }));
  await s3.send(new CreateBucketCommand({ Bucket: "outpace-reports" }));
  await s3.send(new PutObjectCommand({ Bucket: "outpace-reports", Key: "reports/a.csv", Body: "a,b", ContentType: "text/csv" }));
  const report = await get("reports/a.csv");
  export const stored = [await report.Body.transformToString(), report.ContentType];
  export const missing = await get("reports/none.csv").catch((error) => error.name);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "outpace-alerts" }));
  export const published = await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
`;

let folder: string;
const services = buildApp({ logger: false });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "outpace-sdk-"));
  await build({
    stdin: { contents: PROGRAM, resolveDir: process.cwd() },
    outfile: join(folder, "program.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    plugins: [reducedSdk()],
  });
});

afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("reducedSdk", () => {
  test("what is left of the SDK stores, reads, publishes, and knows an error by its name", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", await services.listen({ port: 0, host: "127.0.0.1" }));
    vi.stubEnv("AWS_REGION", "us-east-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example-secret");

    const { stored, missing, published } = await import(
      pathToFileURL(join(folder, "program.mjs")).href
    );

    expect(stored).toEqual(["a,b", "text/csv"]);
    expect(missing).toBe("NoSuchKey");
    expect(published.MessageId).toMatch(/^[\da-f-]{36}$/);
  });

  test("neither the credential chain nor event streams are in it", () => {
    const bundle = readFileSync(join(folder, "program.mjs"), "utf8");

    expect(bundle).not.toMatch(/credential-provider-(ini|sso|process)|EventStreamCodec/);
  });
});

describe("withLiteralKeys", () => {
  test("a key that is a constant text is written out, and values stay as they are", () => {
    const source = 'const _h = "http";\nconst _e = "error";\nvar A = [{ [_h]: [_e] }];';

    const result = withLiteralKeys(source);

    expect(result).toBe('const _h = "http";\nconst _e = "error";\nvar A = [{ "http": [_e] }];');
  });

  test("no computed key is left in the schemas of S3, so that esbuild can drop unused ones", () => {
    const source = readFileSync(
      "node_modules/@aws-sdk/client-s3/dist-es/schemas/schemas_0.js",
      "utf8",
    );

    expect(source).toMatch(/\[_\w+\]:/);
    expect(withLiteralKeys(source)).not.toMatch(/\[_\w+\]:/);
  });

  test("a name that is not declared as a text fails the build", () => {
    expect(() => withLiteralKeys("var A = { [_h]: 1 };")).toThrow(UnknownSchemaNameError);
  });
});
