/** How the host's software is kept: updates, restart, end of support, clock; what is installed. */
import type { HostDetail } from "../../../protocol/api.ts";
import { allTexts, latestOf, listIn, numberIn, textIn } from "../state/latest.ts";
import { byName } from "../state/ranking.ts";
import { serverNow } from "../state/server_clock.ts";
import { softwareStatements, sortUpdates, type Statement } from "../state/software.ts";
import { absent, formatCount } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { Collapsed } from "./collapsed.tsx";
import { numberColumn, textColumn } from "./data_table.tsx";
import { type Fact, Facts } from "./facts.tsx";
import { LongTable } from "./long_table.tsx";

const updateColumns = [
  textColumn("name", "Package"),
  textColumn("security", "Kind"),
  textColumn("version", "Installed"),
  textColumn("available", "Available"),
  textColumn("origin", "From"),
];

const applicationColumns = [
  textColumn("name", "Application"),
  textColumn("version", "Version"),
  textColumn("architecture", "Architecture"),
  textColumn("vendor", "Vendor"),
  textColumn("source", "By"),
  numberColumn("installed", "Installed"),
];

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
              items={sortUpdates(updates)}
              firstRows={firstRows}
              searched={allTexts}
              row={(update) => ({
                key: `${textIn(update, "name")} ${textIn(update, "architecture")}`,
                cells: {
                  name: <Clip text={textIn(update, "name")} />,
                  security: update["security"] === true ? <strong>security</strong> : "",
                  version: <Clip text={textIn(update, "version")} />,
                  available: <Clip text={textIn(update, "available_version")} />,
                  origin: <Clip text={textIn(update, "origin")} />,
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
              items={applications.toSorted(byName((application) => textIn(application, "name")))}
              firstRows={firstRows}
              searched={allTexts}
              row={(application) => ({
                key: allTexts(application),
                cells: {
                  name: <Clip text={textIn(application, "name")} />,
                  version: <Clip text={textIn(application, "version")} />,
                  architecture: <Clip text={textIn(application, "architecture")} />,
                  vendor: <Clip text={textIn(application, "vendor")} />,
                  source: <Clip text={textIn(application, "source")} />,
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
