/**
 * A name that a spreadsheet does not run as a formula: it gets an apostrophe in front.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function textCell(text: string): string {
  const encodable = text.toWellFormed();
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(encodable) ? `'${encodable}` : encodable;
}
