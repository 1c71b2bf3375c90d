import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directoryLookup } from "../../../shared/directory/directory.ts";
import { namesOfPeople } from "../../../shared/directory/names-of-person.ts";

describe("namesOfPeople", () => {
  const namesOf = namesOfPeople({
    aliases: new Map([
      ["machine", "user-017"],
      ["key", "user-017"],
      ["login", "user-018"],
    ]),
  });

  test.each(["user-017", "machine", "key"])("gives %s every name of the person", (name) => {
    expect(namesOf(name)).toEqual(["key", "machine", "user-017"]);
  });

  test("gives a name that the directory does not know only itself", () => {
    expect(namesOf("user-019")).toEqual(["user-019"]);
  });

  test("parts all names into people, as the reports do, also where an alias has become an alias's alias", () => {
    const name = fc.constantFrom("a", "b", "c", "d", "e");
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name)), (pairs) => {
        const aliases = new Map(pairs);
        const of = namesOfPeople({ aliases });
        const { personOf } = directoryLookup({ assignments: [], aliases });
        for (const one of ["a", "b", "c", "d", "e"]) {
          expect(of(one)).toContain(one);
          for (const other of ["a", "b", "c", "d", "e"]) {
            expect(of(one).includes(other)).toBe(personOf(one) === personOf(other));
          }
        }
      }),
    );
  });
});
