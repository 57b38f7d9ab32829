import assert from "node:assert/strict";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { parseMountinfo } from "../../lib/mountinfo.ts";
import { chooseFileSystems } from "./file_systems.ts";
import { cachedLane } from "./space_cache.ts";
import type { SpaceLane } from "./space_lane.ts";

const mountinfo = [
  "25 1 8:1 / / rw - ext4 /dev/sda1 rw",
  "26 25 8:17 / /archive rw - xfs /dev/sdb1 rw",
  "27 25 0:44 / /nfs rw - nfs4 nas:/export rw",
  "",
].join("\n");
const fileSystems = chooseFileSystems(parseMountinfo(mountinfo));
const space = { blockBytes: 1, blocks: 10, freeBlocks: 5, availableBlocks: 5, inodes: 0, freeInodes: 0 };

function setUp(silent: readonly string[] = []) {
  const clock = fakeClock();
  const asked: string[][] = [];
  const lane: SpaceLane = {
    read(those) {
      asked.push(those.map(({ mountpoint }) => mountpoint).sort());
      return Promise.resolve(
        new Map(those.map(({ id, mountpoint }) =>
          [
            id,
            silent.includes(mountpoint)
              ? { status: "unknown" } as const
              : { status: "answered", space } as const,
          ] as const
        )),
      );
    },
  };
  return { clock, asked, lane };
}

Deno.test("cachedLane asks local file systems again only when their answer is old", async () => {
  const { clock, asked, lane } = setUp();
  const cached = cachedLane(lane, clock, 60_000);
  for (const advanceMs of [0, 30_000, 29_999, 1]) {
    await clock.advance(advanceMs);
    const answers = await cached.read(fileSystems);
    assert.equal(answers.size, 3);
    assert.ok([...answers.values()].every(({ status }) => status === "answered"));
  }
  assert.deepEqual(asked, [["/", "/archive", "/nfs"], ["/nfs"], ["/nfs"], ["/", "/archive", "/nfs"]]);
});

Deno.test("cachedLane asks every time what did not answer, and forgets what is not mounted", async () => {
  const { clock, asked, lane } = setUp(["/"]);
  const cached = cachedLane(lane, clock, 60_000);
  await cached.read(fileSystems);
  await cached.read(fileSystems.filter(({ mountpoint }) => mountpoint !== "/archive"));
  await cached.read(fileSystems);
  assert.deepEqual(asked, [["/", "/archive", "/nfs"], ["/", "/nfs"], ["/", "/archive", "/nfs"]]);
});

Deno.test("cachedLane is the lane itself when nothing is to be kept", () => {
  const { clock, lane } = setUp();
  assert.equal(cachedLane(lane, clock, 0), lane);
});
