/** How the host's software is kept: updates, restart, end of support, clock; what is installed. */
import type { HostDetail } from "../../../protocol/api.ts";
import { latestOf, listIn, numberIn, textIn } from "../state/latest.ts";
import { byName } from "../state/ranking.ts";
import { serverNow } from "../state/server_clock.ts";
import { softwareStatements, sortUpdates, type Statement } from "../state/software.ts";
import { absent, formatCount } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { Collapsed } from "./collapsed.tsx";
import { type Fact, Facts } from "./facts.tsx";
import { LongTable } from "./long_table.tsx";

const updateColumns = [
  { name: "name", word: "Package" },
  { name: "security", word: "Kind" },
  { name: "version", word: "Installed" },
  { name: "available", word: "Available" },
  { name: "origin", word: "From" },
] as const;

const applicationColumns = [
  { name: "name", word: "Application" },
  { name: "version", word: "Version" },
  { name: "architecture", word: "Architecture" },
  { name: "vendor", word: "Vendor" },
  { name: "source", word: "By" },
  { name: "installed", word: "Installed", numeric: true },
] as const;

/** So many rows of what is opened on purpose are shown at first. */
const firstRows = 50;

/** The section; nothing where the host reports nothing about its software. */
export function SoftwareSection({ detail }: { readonly detail: HostDetail }) {
  const statements = softwareStatements(detail, serverNow());
  const updates = listIn(latestOf(detail, "update_list"), "updates");
  const list = latestOf(detail, "application_list");
  const applications = listIn(list, "applications");
  if ([statements, updates, applications].every(({ length }) => length === 0)) return null;
  const facts = statements.map((statement): Fact => [statement.word, textOf(statement)]);
  return (
    <>
      <h2>Software</h2>
      {facts.length > 0 && (
        <section class="card wide" aria-label="State of the software">
          <Facts facts={facts} />
        </section>
      )}
      {updates.length > 0 && (
        <Collapsed
          word={`${formatCount(updates.length)} pending updates`}
          content={() => (
            <LongTable
              title="Pending updates"
              columns={updateColumns}
              empty=""
              items={sortUpdates(updates)}
              firstRows={firstRows}
              searched={(update) => Object.values(update).join("\n")}
              row={(update) => ({
                key: `${textIn(update, "name")} ${textIn(update, "architecture")}`,
                cells: {
                  name: <Clip text={textIn(update, "name") ?? absent} />,
                  security: update["security"] === true ? <strong>security</strong> : "",
                  version: <Clip text={textIn(update, "version") ?? absent} />,
                  available: <Clip text={textIn(update, "available_version") ?? absent} />,
                  origin: <Clip text={textIn(update, "origin") ?? absent} />,
                },
              })}
            />
          )}
        />
      )}
      {applications.length > 0 && (
        <Collapsed
          word={`${formatCount(numberIn(list, "installed") ?? applications.length)} installed applications`}
          content={() => (
            <LongTable
              title="Applications"
              columns={applicationColumns}
              empty=""
              items={applications.toSorted(byName((application) => textIn(application, "name")))}
              firstRows={firstRows}
              searched={(application) => Object.values(application).join("\n")}
              row={(application) => ({
                key: Object.values(application).join("\n"),
                cells: {
                  name: <Clip text={textIn(application, "name") ?? absent} />,
                  version: <Clip text={textIn(application, "version") ?? absent} />,
                  architecture: <Clip text={textIn(application, "architecture") ?? absent} />,
                  vendor: <Clip text={textIn(application, "vendor") ?? absent} />,
                  source: <Clip text={textIn(application, "source") ?? absent} />,
                  installed: (textIn(application, "installed_at") ?? absent).slice(0, 10),
                },
              })}
            />
          )}
        />
      )}
    </>
  );
}

function textOf({ text, isAlarming }: Statement) {
  return isAlarming ? <strong class="problem-text">{text}</strong> : text;
}
