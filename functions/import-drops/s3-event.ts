import * as z from "zod";

export type DroppedObject = { readonly bucket: string; readonly key: string };

const TestEvent = z.object({ Event: z.literal("s3:TestEvent") });
const ObjectEvents = z.object({
  Records: z.array(
    z.object({
      s3: z.object({
        bucket: z.object({ name: z.string().min(1) }),
        object: z.object({ key: z.string().min(1) }),
      }),
    }),
  ),
});
const S3Message = z.union([
  TestEvent.transform((): readonly DroppedObject[] => []),
  ObjectEvents.transform(({ Records }) => Records.map(({ s3 }) => droppedObject(s3))),
]);

/**
 * The objects that an S3 notification is about; none for the `s3:TestEvent` that S3 sends once when
 * notifications are set up.
 *
 * @throws if the message is no S3 notification.
 */
export function droppedObjects(message: string): readonly DroppedObject[] {
  return S3Message.parse(JSON.parse(message));
}

/** Keys come encoded like a form: `+` is a space. */
function droppedObject(s3: { bucket: { name: string }; object: { key: string } }): DroppedObject {
  return {
    bucket: s3.bucket.name,
    key: decodeURIComponent(s3.object.key.replaceAll("+", " ")),
  };
}
