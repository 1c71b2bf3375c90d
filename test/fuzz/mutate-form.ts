import type { Random } from "../../infra/demo/random.ts";
import { ANSWERS } from "../../shared/alerts/alert-answer.ts";
import { hostileKey, hostileText } from "./hostile-values.ts";

const MOST_COPIES = 50;

/** A form with a field or its encoding changed in one way. */
export function mutateForm(text: string, random: Random): string {
  const fields = text.split("&");
  const at = random.whole(0, fields.length - 1);
  const field = fields[at] ?? "";
  const [name = "", value = ""] = field.split("=");
  const withField = (changed: string) => fields.with(at, changed).join("&");
  const copies = Array.from({ length: random.whole(1, MOST_COPIES) }, () => field);
  return random.pick<() => string>([
    () => withField(`${name}=${random.pick(ANSWERS)}`),
    () => withField(`${name}=${random.pick(ANSWERS)}`),
    () => withField([...value].reduce((all, each) => all + percent(each), `${name}=`)),
    () => withField(`${name}=${encoded(hostileText(random))}`),
    () => withField(`${name}=${hostileText(random)}`),
    () => withField(`${encoded(hostileKey(random))}=${value}`),
    () =>
      withField(`${name}=${value}${random.pick(["+", "%20", "%00", "%", "%f", "%ff", "\r\n"])}`),
    () => withField(value),
    () => fields.toSpliced(at, 1).join("&"),
    () => [...fields, ...copies].join("&"),
    () => [...fields, `${encoded(hostileKey(random))}=${encoded(hostileText(random))}`].join("&"),
    () => text + random.pick(["&", "&&", "&=", ";by=x", "\n", "#"]),
  ])();
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
