import * as z from "zod";

/** The project that an event is about. Its id outlives a rename; its path is what people know. */
export const GitlabProject = z.object({
  id: z.int().positive(),
  path_with_namespace: z
    .string()
    .regex(/^[^\s#@]+\/[^\s#@]+$/)
    .max(300),
  default_branch: z.string().min(1).max(300).nullish(),
  web_url: z.url().max(2_000),
});
export type GitlabProject = z.infer<typeof GitlabProject>;

/** `gitlab:<host>/<project id>`: ids count from 1 on every GitLab instance. */
export function projectId(project: Pick<GitlabProject, "id" | "web_url">): string {
  return `gitlab:${hostOf(project)}/${project.id}`;
}

export function mergeRequestId(
  project: Pick<GitlabProject, "id" | "web_url">,
  iid: number | string,
): string {
  return `${projectId(project)}!${iid}`;
}

/**
 * Whose work it is: `gitlab:<host>/user/<id>`. The number is all that GitLab says of an author; its
 * events name the one who acts, and keep e-mail addresses back.
 */
export function gitlabSubject(
  project: Pick<GitlabProject, "web_url">,
  userId: number | null | undefined,
): { readonly subject?: string } {
  return typeof userId === "number" ? { subject: `gitlab:${hostOf(project)}/user/${userId}` } : {};
}

function hostOf({ web_url }: Pick<GitlabProject, "web_url">): string {
  return new URL(web_url).host;
}
