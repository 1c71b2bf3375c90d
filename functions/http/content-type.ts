/** The media type of a request in lower case, without parameters such as `charset`; empty if not given. */
export function mediaType(
  headers: Readonly<Record<string, string | undefined>> | undefined,
): string {
  const contentType = Object.entries(headers ?? {}).find(
    ([name]) => name.toLowerCase() === "content-type",
  )?.[1];
  return (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
