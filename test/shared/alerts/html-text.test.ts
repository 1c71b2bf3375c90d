import { expect, test } from "vitest";
import { escapedHtml, html } from "../../../shared/alerts/html-text.ts";

test("a text that is inserted stands for itself, in an element and in an attribute", () => {
  expect(html`<p title="${`"'`}">${"<b>&amp;</b>"}</p>`.html).toBe(
    '<p title="&quot;&#39;">&lt;b&gt;&amp;amp;&lt;/b&gt;</p>',
  );
  expect(escapedHtml("plain, ümlaut and 🙂")).toBe("plain, ümlaut and 🙂");
});

test("HTML that is inserted stays HTML, alone and in a list", () => {
  const item = html`<li>${"a & b"}</li>`;

  expect(html`<ul>${[item, item]}</ul>${item}${""}`.html).toBe(
    "<ul><li>a &amp; b</li><li>a &amp; b</li></ul><li>a &amp; b</li>",
  );
});
