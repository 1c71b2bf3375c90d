import * as z from "zod";
import { resolveIntrinsics } from "./intrinsics.ts";
import { errorMessage } from "./json.ts";
import { type Endpoints, physicalName, referenceOf, resourceAttributes } from "./physical-ids.ts";
import {
  isResourceType,
  type Properties,
  RESOURCE_TYPES,
  type Resource,
  type ResourceType,
} from "./resource-types.ts";
import { ACCOUNT_ID, type Assembly } from "./template.ts";

/** The template with every name resolved to what it is called here. */
export type Stack = {
  readonly name: string;
  readonly region: string;
  /** The stack's outputs, by logical id. */
  readonly outputs: Readonly<Partial<Record<string, string>>>;
  readonly resources: <T extends ResourceType>(type: T) => readonly Resource<T>[];
  /**
   * The one resource of that type whose logical id is, or starts with, the given text.
   *
   * @throws {Error} if there is none, or more than one.
   */
  readonly find: <T extends ResourceType>(type: T, logicalIdPrefix: string) => Resource<T>;
  readonly physicalName: (logicalId: string) => string;
  readonly arn: (logicalId: string) => string;
  readonly byArn: <T extends ResourceType>(type: T, arn: string) => Resource<T> | undefined;
  readonly queueUrl: (queue: Resource<"AWS::SQS::Queue">) => string;
  /** The folder of a function's code. */
  readonly codeDirectory: (lambda: Resource<"AWS::Lambda::Function">) => string;
};

/**
 * Resolves and checks a synthesised stack.
 *
 * @throws {Error} naming the resource, if it has a type, property, intrinsic or condition that is
 *   not emulated.
 */
export function resolveStack(assembly: Assembly, endpoints: Endpoints): Stack {
  const resolve = resolver(assembly, endpoints);
  const resources = resolveResources(assembly, resolve);
  const attributes = (logicalId: string) => resourceAttributes(assembly, logicalId, endpoints);
  const arn = (logicalId: string) => {
    const { Arn, TopicArn } = attributes(logicalId);
    const found = Arn ?? TopicArn;
    if (found === undefined) {
      throw new Error(`resource ${logicalId} has no ARN here`);
    }
    return found;
  };
  const ofType = <T extends ResourceType>(type: T): readonly Resource<T>[] =>
    // The list under a type's name holds resources of that type only: see resolveResources.
    (resources.get(type) ?? []) as unknown as readonly Resource<T>[];
  return {
    name: assembly.stackName,
    region: assembly.region,
    outputs: Object.fromEntries(
      Object.entries(assembly.template.Outputs).map(([id, { Value }]) => [
        id,
        String(resolve(Value, `output ${id}`)),
      ]),
    ),
    resources: ofType,
    find: (type, prefix) => findResource(ofType(type), type, prefix),
    physicalName: (logicalId) => physicalName(assembly, logicalId),
    arn,
    byArn: (type, wanted) => ofType(type).find(({ logicalId }) => arn(logicalId) === wanted),
    queueUrl: ({ logicalId }) => attributes(logicalId)["QueueUrl"] ?? "",
    codeDirectory: ({ logicalId, properties }) => {
      const directory = assembly.assets.get(properties.Code.S3Key.replace(/\.zip$/, ""));
      if (directory === undefined) {
        throw new Error(
          `resource ${logicalId}: asset ${properties.Code.S3Key} is not in the assembly`,
        );
      }
      return directory;
    },
  };
}

type ResolveValue = (value: unknown, where: string) => unknown;

function resolver(assembly: Assembly, endpoints: Endpoints): ResolveValue {
  const references = {
    ref: (name: string) =>
      pseudoParameter(assembly, name) ?? referenceOf(assembly, name, endpoints),
    attribute: (logicalId: string, attribute: string) => {
      const value = resourceAttributes(assembly, logicalId, endpoints)[attribute];
      if (value === undefined) {
        throw new Error(`Fn::GetAtt ${logicalId}.${attribute} is not emulated locally`);
      }
      return value;
    },
  };
  const apiHost = /https:\/\/[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g;
  return (value, where) => {
    try {
      const resolved = resolveIntrinsics(value, {
        ...references,
        ref: (name) => (name === "AWS::NoValue" ? undefined : references.ref(name)),
      });
      return typeof resolved === "string"
        ? resolved.replaceAll(apiHost, endpoints.apiUrl)
        : resolved;
    } catch (error) {
      throw new Error(`${where}: ${errorMessage(error)}`, { cause: error });
    }
  };
}

function pseudoParameter({ stackName, region, template }: Assembly, name: string) {
  const values: Readonly<Record<string, string>> = {
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::StackId": `arn:aws:cloudformation:${region}:${ACCOUNT_ID}:stack/${stackName}/local`,
    "AWS::StackName": stackName,
    "AWS::URLSuffix": "amazonaws.com",
  };
  return values[name] ?? template.Parameters[name]?.Default;
}

function resolveResources(assembly: Assembly, resolve: ResolveValue) {
  const byType = new Map<ResourceType, Resource[]>();
  for (const [logicalId, definition] of Object.entries(assembly.template.Resources)) {
    const where = `resource ${logicalId} (${definition.Type})`;
    if (!isResourceType(definition.Type)) {
      throw new Error(`${where}: this resource type is not emulated locally`);
    }
    if (definition.Condition !== undefined && definition.Type !== "AWS::CDK::Metadata") {
      throw new Error(`${where}: conditions are not emulated locally`);
    }
    const schema: z.ZodType<Properties<ResourceType>> = RESOURCE_TYPES[definition.Type];
    const parsed = schema.safeParse(resolve(definition.Properties, where));
    if (!parsed.success) {
      throw new Error(
        `${where} is not emulated locally as it is: ${z.prettifyError(parsed.error)}`,
      );
    }
    const list = byType.get(definition.Type) ?? [];
    list.push({ logicalId, type: definition.Type, properties: parsed.data });
    byType.set(definition.Type, list);
  }
  return byType;
}

function findResource<T extends ResourceType>(
  resources: readonly Resource<T>[],
  type: T,
  prefix: string,
): Resource<T> {
  const starting = resources.filter(({ logicalId }) => logicalId.startsWith(prefix));
  // CDK ends a logical id in eight digits of a hash: the shortest match is the construct itself.
  const exact = starting.filter(({ logicalId }) =>
    /^(?:[0-9A-F]{8})?$/.test(logicalId.slice(prefix.length)),
  );
  const [found, ...others] = exact.length > 0 ? exact : starting;
  if (found === undefined || others.length > 0) {
    const names = (found === undefined ? resources : starting).map(({ logicalId }) => logicalId);
    throw new Error(
      `expected one ${type} whose logical id starts with ${prefix}, got ${found === undefined ? 0 : others.length + 1} of: ${names.join(", ")}`,
    );
  }
  return found;
}
