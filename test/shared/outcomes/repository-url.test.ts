import { describe, expect, test } from "vitest";
import { repositoryOfUrl } from "../../../shared/outcomes/repository-url.ts";

describe("repositoryOfUrl", () => {
  test.each([
    ["https://github.com/acme/widgets", "acme/widgets"],
    ["https://github.com/acme/widgets.git", "acme/widgets"],
    ["https://user@gitlab.example.com/acme/shop/widgets/", "acme/shop/widgets"],
    ["git@github.com:acme/widgets.git", "acme/widgets"],
    ["ssh://git@github.com:22/acme/widgets.git", "acme/widgets"],
    ["widgets", "widgets"],
    ["acme/widgets", "acme/widgets"],
    [".git", ".git"],
  ])("%s is %s", (url, repository) => {
    expect(repositoryOfUrl(url)).toBe(repository);
  });
});
