/** Names that somebody outside may choose for a session, task, repository or model. */
export const HOSTILE_NAMES = [
  "<!channel> free tokens",
  "<@U0123456> look <https://evil.example/login|here>",
  "https://evil.example/login?x=1",
  "www.evil.example",
  "`code` *bold* _it_ ~gone~ & <b>",
  "a\r\nSubject: forged\r\n\r\nnew body",
  '=HYPERLINK("https://evil.example","open")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "-2+3",
  "\tlead",
  "ok\u202Egnp.exe\u200B\u0000",
  "\uD800 lone surrogate",
  "x".repeat(5_000),
  '","","0","0\r\n',
  "  ",
] as const;
