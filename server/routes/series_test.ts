import assert from "node:assert/strict";
import { seriesAnswerSchema } from "../../protocol/api.ts";
import { withServer } from "../../tests/support/running_server.ts";

Deno.test("series of a host are answered for names and times in every form", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const begin = Date.now() - 600_000;
    const batch = Array.from({ length: 10 }, (_, index) => ({
      type: "network_list",
      timestamp: new Date(begin + index * 5000).toISOString(),
      hostname: "web-01",
      data: { interfaces: [{ interface: '"__proto__"}', rx_bytes: index * 5000, mtu: 1500 }] },
    }));
    const sent = await fetch(`${server.url}/api/v1/metrics`, {
      method: "POST",
      headers: agent.headers,
      body: JSON.stringify(batch),
    });
    assert.equal(sent.status, 202);
    await sent.body?.cancel();
    const ask = async (query: string) => {
      const url = `${server.url}/api/v1/hosts/${agent.id}/series?${query}`;
      const response = await fetch(url, { headers: server.admin });
      return { status: response.status, answer: await response.json() };
    };

    const { series } = seriesAnswerSchema.parse((await ask("names=network.*,cpu.usage")).answer);
    assert.deepEqual(series.map(({ name, rate }) => [name, rate]), [
      ["network.mtu", false],
      ["network.rx_bytes", true],
    ]);
    assert.deepEqual(series[1]?.labels, { interface: '"__proto__"}' });
    assert.deepEqual(series[1]?.values, Array(9).fill(1000));
    for (
      const [from, to, points] of [
        [String(begin + 20_000), String(begin + 30_000), 3],
        [new Date(begin + 40_000).toISOString(), "-1s", 2],
        ["-5m", "-1s", undefined],
      ] as const
    ) {
      const { answer } = await ask(`names=network.rx_bytes&raw=true&from=${from}&to=${to}`);
      assert.equal(seriesAnswerSchema.parse(answer).series[0]?.values.length, points);
    }
    for (
      const [query, detail] of [
        ["names=nope", /there is no series nope/],
        ["", /names: is needed/],
        ["names=cpu.usage&from=yesterday", /from: must be RFC 3339/],
        ["names=cpu.usage&to=2026-99-99", /to: must be/],
        ["names=cpu.usage&from=-1m&to=-1h", /from: must not be after to/],
        ["names=cpu.usage&raw=1", /raw: must be/],
      ] as const
    ) {
      const { status, answer } = await ask(query);
      assert.equal(status, 422, query);
      assert.match(answer.detail, detail);
    }
    const nobody = await fetch(`${server.url}/api/v1/hosts/nobody/series?names=cpu.usage`, {
      headers: server.admin,
    });
    assert.equal(nobody.status, 404);
    await nobody.body?.cancel();
  }));
