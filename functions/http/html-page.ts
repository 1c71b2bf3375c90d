import { createHash } from "node:crypto";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { Page } from "../../shared/alerts/answer-page.ts";
import { html } from "../../shared/alerts/html-text.ts";

/** Colours and fonts of the system, so that the page is dark where the system is. */
const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.brand, footer, button span { opacity: .75; }
.brand { margin: 0; font-weight: 600; letter-spacing: .02em; }
h1 { margin: .25rem 0 1rem; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
p { margin: .5rem 0; }
code { font-size: .95em; overflow-wrap: anywhere; }
.answers { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); margin: 1rem 0; }
button { display: grid; align-content: start; font: inherit; color: inherit; text-align: left; padding: .75rem 1rem; cursor: pointer;
  border: 1px solid GrayText; border-radius: .5rem; background: color-mix(in srgb, CanvasText 4%, Canvas); }
button:hover { background: color-mix(in srgb, CanvasText 10%, Canvas); }
button:focus-visible { outline: 3px solid CanvasText; outline-offset: 2px; }
footer { margin-top: 2.5rem; border-top: 1px solid GrayText; font-size: .875rem; }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** Nothing is loaded, run or framed: the one style that is allowed is the one above. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join("; "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex, nofollow",
};

/** A page as a whole document, with the headers that go with it. */
export function htmlPage(
  statusCode: number,
  { title, main }: Page,
): APIGatewayProxyStructuredResultV2 {
  const document = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Outpace</title>
<style>${{ html: STYLE }}</style>
<body>
<p class="brand">Outpace</p>
<main>
${main}
</main>
</body>
</html>
`;
  return { statusCode, headers: HEADERS, body: document.html };
}
