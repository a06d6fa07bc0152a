import { quoteName, quoteText } from "../../postgres/quote-sql.ts";
import type { DoctorFix } from "./doctor-check.ts";
import type { StackPlace } from "./doctor-place.ts";
import { scramVerifier } from "./scram-verifier.ts";
import { withSuperuser } from "./with-superuser.ts";

/** Gives a role of a server that runs the password that the file holds for it, as psql's `\password` does. */
export function setPassword(
  stack: Pick<StackPlace, "openServer" | "session">,
  { service, role, password }: { readonly service: string; readonly role: string; readonly password: string },
): DoctorFix {
  return {
    title: `give the role ${role} of ${service} the password of the file, by ALTER ROLE`,
    apply: async (signal) => {
      const verifier = scramVerifier(password, stack.session.home.ports.random.bytes(16));
      await withSuperuser(stack, { service, database: "postgres" }, signal, (session) =>
        session.query(`ALTER ROLE ${quoteName(role)} PASSWORD ${quoteText(verifier)}`),
      );
    },
  };
}
