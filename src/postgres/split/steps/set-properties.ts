import { inDatabase, inTransaction } from "../in-database.ts";
import { isCopyInPlace } from "../in-copy.ts";
import { renderProperties, renderSettings } from "../render-properties.ts";
import type { SplitKind } from "../split-steps.ts";

/** What neither TEMPLATE nor a dump carries: who may connect, settings, the limit; and the owner. */
export const setProperties: SplitKind<"set-properties"> = {
  isDone: async (context, { copy, service }) => service === null && isCopyInPlace(context, copy),
  apply: async (context, { copy, service, ...properties }) => {
    const server = service === null ? context.server : await context.target(service);
    const place = { ...context, server, maintenance: service === null ? context.maintenance : "postgres" };
    const statements =
      service === null
        ? renderProperties(copy.work, properties)
        : renderSettings(
            copy.final,
            properties.settings.filter(({ role }) => role === undefined),
          );
    await inDatabase(place, place.maintenance, (session) =>
      inTransaction(session, async () => {
        for (const statement of statements) await session.query(statement);
      }),
    );
  },
};
