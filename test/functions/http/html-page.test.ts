import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { htmlPage } from "../../../functions/http/html-page.ts";
import { html } from "../../../shared/alerts/html-text.ts";

const page = htmlPage(410, { title: "Over & <done>", main: html`<h1>${"a < b"}</h1>` });
const body = page.body ?? "";

describe("htmlPage", () => {
  test("is a whole document in UTF-8, with its title as text", () => {
    expect(page.statusCode).toBe(410);
    expect(body).toMatch(/^<!doctype html>\n<html lang="en">\n<meta charset="utf-8">/);
    expect(body).toContain("<title>Over &amp; &lt;done&gt; · Outpace</title>");
    expect(body).toContain("<main>\n<h1>a &lt; b</h1>\n</main>");
  });

  test("is kept nowhere, tells nobody where it was, and is found by no search engine", () => {
    expect(page.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex, nofollow",
    });
  });

  test("allows its one style by its hash, forms to itself, and nothing else", () => {
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(body) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");

    expect(page.headers?.["content-security-policy"]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(body.match(/<style/g)).toHaveLength(1);
    expect(body).not.toMatch(/<script| style=| on[a-z]+=|https?:/);
  });
});
