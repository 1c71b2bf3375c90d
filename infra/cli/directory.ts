import { readFile } from "node:fs/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { settingsOf } from "../config/configuration.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { processTerminal, runCommand } from "./command-line.ts";
import { connect } from "./connection.ts";
import { directoryCommand } from "./directory-command.ts";

await runCommand((args) =>
  directoryCommand(args, {
    ...processTerminal,
    readFile: (path) => readFile(path),
    settings: async () => settingsOf(await loadConfiguration(process.env["OUTPACE_CONFIG"])),
    upload: async (deployed, key, text) => {
      const { client, output } = connect(deployed);
      await new S3Client(client).send(
        new PutObjectCommand({
          Bucket: output("DropBucketName"),
          Key: key,
          Body: text,
          ContentType: "text/csv; charset=utf-8",
        }),
      );
    },
  }),
);
