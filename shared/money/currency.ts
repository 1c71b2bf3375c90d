import * as z from "zod";

const MESSAGE = "must be the three capital letters of an ISO 4217 currency, such as EUR";

export const Currency = z.string(MESSAGE).regex(/^[A-Z]{3}$/, MESSAGE);
