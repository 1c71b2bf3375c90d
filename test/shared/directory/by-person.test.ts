import { expect, test } from "vitest";
import { byPerson } from "../../../shared/directory/by-person.ts";

const values = [
  { user: "user-017", at: 1 },
  { user: "user-018", at: 2 },
  { user: "alias-1", at: 3 },
];
const joined = { personOf: (user: string) => (user === "alias-1" ? "user-017" : user) };
const apart = { personOf: (user: string) => user };

function found(directory: typeof joined) {
  return [...byPerson(values, directory)].map(([user, own]) => [user, own.map(({ at }) => at)]);
}

test("a person has what all of their pseudonyms have, in the order in which it was given", () => {
  expect(found(joined)).toEqual([
    ["user-017", [1, 3]],
    ["user-018", [2]],
  ]);
});

test("the same values are sorted out once for a directory, and anew for another one", () => {
  expect(byPerson(values, joined)).toBe(byPerson(values, joined));

  expect(found(apart)).toEqual([
    ["user-017", [1]],
    ["user-018", [2]],
    ["alias-1", [3]],
  ]);
  expect(found(joined)).toHaveLength(2);
});
