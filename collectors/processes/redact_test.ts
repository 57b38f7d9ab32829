import assert from "node:assert/strict";
import fc from "fast-check";
import { redactArguments } from "./redact.ts";

const hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const cases: readonly [argv: readonly string[], shown: readonly string[]][] = [
  [["psql", "--password", "hunter2", "-h", "db"], ["psql", "--password", "***", "-h", "db"]],
  [["app", "--password=hunter2"], ["app", "--password=***"]],
  [["app", "--token", "t", "--verbose"], ["app", "--token", "***", "--verbose"]],
  [["app", "--client-secret=x y", "run"], ["app", "--client-secret=***", "run"]],
  [["app", "--ssl-key", "/etc/key.pem"], ["app", "--ssl-key", "***"]],
  [["app", "--api-key=abc", "--keyboard=us"], ["app", "--api-key=***", "--keyboard=us"]],
  [["app", "--password", "--token", "x"], ["app", "--password", "--token", "***"]],
  [["app", "--password", "-x"], ["app", "--password", "***"]],
  [["env", "PGPASSWORD=hunter2", "psql"], ["env", "PGPASSWORD=***", "psql"]],
  [["docker", "run", "-e", "DB_PASSWORD=hunter2", "img"], ["docker", "run", "-e", "DB_PASSWORD=***", "img"]],
  [["java", "-Ddb.password=hunter2", "-jar", "a.jar"], ["java", "-Ddb.password=***", "-jar", "a.jar"]],
  [["psql", "host=db password=hunter2 dbname=a"], ["psql", "host=db password=*** dbname=a"]],
  [["app", '{"user":"a","password":"hunter2"}'], ["app", '{"user":"a","password":***}']],
  [["app", "postgres://bob:hunter2@db/app"], ["app", "postgres://***@db/app"]],
  [["git", "clone", "https://tok3n@host/r.git"], ["git", "clone", "https://***@host/r.git"]],
  [["git", "clone", "ssh://git@host/r.git"], ["git", "clone", "ssh://git@host/r.git"]],
  [["get", "https://h/?token=abc&page=2"], ["get", "https://h/?token=***&page=2"]],
  [["mount", "-o", "user=bob,opt:password=hunter2,ro"], ["mount", "-o", "user=bob,opt:password=***,ro"]],
  [["curl", "-u", "bob:hunter2", "https://h"], ["curl", "-u", "***", "https://h"]],
  [["http", "Authorization: Bearer abc"], ["http", "Authorization: ***"]],
  [["/usr/bin/mysql", "-phunter2", "-u", "bob"], ["/usr/bin/mysql", "-p***", "-u", "bob"]],
  [["sshpass", "-p", "hunter2", "ssh", "h"], ["sshpass", "-p", "***", "ssh", "h"]],
  [["sh", "-c", "mysql -phunter2 --token x"], ["sh", "-c", "mysql -p*** --token ***"]],
  [["worker: job --password hunter2 -x"], ["worker: job --password *** -x"]],
  [["app", hex], ["app", "***"]],
  [["app", "AbCd3fGhIjK1mN0pQrSt"], ["app", "***"]],
  [["app", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x"], ["app", "***.***.x"]],
];

for (const [argv, shown] of cases) {
  Deno.test(`redactArguments hides what is secret in ${JSON.stringify(argv.join(" "))}`, () => {
    assert.deepEqual(redactArguments(argv), shown);
  });
}

const plain: readonly (readonly string[])[] = [
  ["/usr/lib/jvm/java-17-openjdk-amd64/bin/java", "-Xmx2048m", "-jar", "/opt/app-1.2.3.jar"],
  ["nginx: worker process"],
  ["/usr/sbin/sshd", "-D", "-o", "AuthorizedKeysFile=.ssh/authorized_keys"],
  ["postgres: 15/main: app shop 10.0.0.7(51234) idle"],
  ["qemu-system-x86_64", "-uuid", "1b4e28ba-2fa1-11d2-883f-0016d3cca427"],
  ["/usr/libexec/gnome-settings-daemon-datetime", "--verbose"],
  ["ls", "-p", "/tmp"],
  ["ssh", "-p", "2222", "host"],
  ["org.apache.kafka.connect.cli.ConnectDistributed"],
  ["sleep", "12345678901234567890123"],
  [],
  [""],
];

for (const argv of plain) {
  Deno.test(`redactArguments leaves ${JSON.stringify(argv.join(" "))} as it is`, () => {
    assert.deepEqual(redactArguments(argv), argv);
  });
}

Deno.test("redactArguments keeps the number of arguments and hides a named secret, whatever stands around it", () => {
  const argument = fc.string({ maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(argument),
      fc.array(argument),
      fc.stringMatching(/^[a-z0-9]{12}$/),
      (before, after, secret) => {
        fc.pre(![...before, ...after].some((other) => other.includes(secret)));
        const argv = ["app", ...before, `--password=${secret}`, ...after];
        const shown = redactArguments(argv);
        assert.equal(shown.length, argv.length);
        assert.ok(!shown.join(" ").includes(secret));
      },
    ),
  );
});

Deno.test("redactArguments takes no time over hostile text", () => {
  const started = performance.now();
  for (const piece of ["a", "-", "pass", "key=", "x:", "a://", "a.", '"\\', "token_", "A1-", " key "]) {
    redactArguments(["app", piece.repeat(4096 / piece.length)]);
  }
  assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`);
});
