import assert from "node:assert/strict";
import type { FileSystemSpace } from "../../ffi/libc.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import type { Backing, FileSystem } from "./file_systems.ts";
import { type AskSpace, spaceLane } from "./space_lane.ts";

const space: FileSystemSpace = {
  blockBytes: 4096,
  blocks: 100,
  freeBlocks: 50,
  availableBlocks: 45,
  inodes: 0,
  freeInodes: 0,
};

function mount(id: number, mountpoint: string, backing: Backing): FileSystem {
  return {
    id,
    parent: 1,
    major: 8,
    minor: id,
    root: "/",
    mountpoint,
    options: ["rw"],
    fstype: backing === "local" ? "ext4" : "nfs4",
    source: "x",
    superOptions: ["rw"],
    backing,
  };
}

/** File systems that answer at once, but for those named, which answer when they are let go. */
function fileSystems(...hung: string[]) {
  const asked: string[] = [];
  const held = new Map<string, () => void>();
  const ask: AskSpace = (mountpoint) => {
    asked.push(mountpoint);
    if (!hung.includes(mountpoint)) return Promise.resolve(space);
    return new Promise((resolve) => held.set(mountpoint, () => resolve(space)));
  };
  const release = (mountpoint: string) => {
    hung.splice(hung.indexOf(mountpoint), 1);
    held.get(mountpoint)?.();
    held.delete(mountpoint);
  };
  return { ask, asked, held, release };
}

Deno.test("spaceLane answers for the others, does not ask again, and recovers when a mount hangs", async () => {
  const clock = fakeClock();
  const { ask, asked, release } = fileSystems("/nfs");
  const lane = spaceLane(clock, ask);
  const mounts = [mount(1, "/", "local"), mount(2, "/nfs", "network"), mount(3, "/other", "network")];

  const first = lane.read(mounts);
  await clock.advance(2000);
  const answers = await first;
  assert.deepEqual(answers.get(1), { status: "answered", space });
  assert.deepEqual(answers.get(2), { status: "hung", hungSeconds: 2 });
  assert.deepEqual(answers.get(3), { status: "answered", space });
  assert.deepEqual(asked.toSorted(), ["/", "/nfs", "/other"]);
  assert.equal(clock.pending, 0);

  await clock.advance(28_000);
  asked.length = 0;
  const second = await lane.read(mounts); // No time passes: what is known to hang is not waited for.
  assert.deepEqual(second.get(2), { status: "hung", hungSeconds: 30 });
  assert.deepEqual(second.get(3), { status: "answered", space });
  assert.deepEqual(asked.toSorted(), ["/", "/other"]);

  release("/nfs");
  await clock.advance(1000);
  const third = await lane.read(mounts);
  assert.deepEqual(third.get(2), { status: "answered", space });
  assert.equal(clock.pending, 0);
});

Deno.test("spaceLane keeps at most 8 calls in flight and the local disks readable when every server is dead", async () => {
  const clock = fakeClock();
  const servers = Array.from({ length: 20 }, (_, index) => `/nfs${index}`);
  const { ask, held } = fileSystems("/dead1", ...servers);
  const lane = spaceLane(clock, ask);
  const mounts = [
    ...servers.map((mountpoint, index) => mount(index + 10, mountpoint, "network")),
    mount(1, "/dead1", "local"),
    ...Array.from({ length: 30 }, (_, index) => mount(index + 100, `/disk${index}`, "local")),
  ];
  const reading = lane.read(mounts);
  await clock.advance(2000);
  const answers = await reading;
  assert.equal(held.size, 7);
  const statuses = mounts.map(({ id }) => answers.get(id)?.status);
  assert.equal(statuses.filter((status) => status === "hung").length, 7);
  assert.equal(statuses.filter((status) => status === "unknown").length, 14);
  assert.equal(statuses.filter((status) => status === "answered").length, 30);
});

Deno.test("spaceLane asks a new mount on the same path when the old one still hangs", async () => {
  const clock = fakeClock();
  const { ask, release } = fileSystems("/nfs");
  const lane = spaceLane(clock, ask);
  const reading = lane.read([mount(2, "/nfs", "network")]);
  await clock.advance(2000);
  assert.equal((await reading).get(2)?.status, "hung");
  const again = lane.read([mount(9, "/nfs", "network")]);
  release("/nfs");
  assert.equal((await again).get(9)?.status, "answered");
});

Deno.test("spaceLane says unknown when a file system can't be told", async () => {
  const lane = spaceLane(fakeClock(), () => Promise.resolve(undefined));
  assert.deepEqual((await lane.read([mount(1, "/", "local")])).get(1), { status: "unknown" });
});

Deno.test("spaceLane fails and leaves no timer when nothing can be asked", async () => {
  const clock = fakeClock();
  const lane = spaceLane(clock, () => Promise.reject(new Error("Cannot load libc.so.6")));
  const mounts = [mount(1, "/", "local"), mount(2, "/nfs", "network")];
  await assert.rejects(lane.read(mounts), /Cannot load libc/);
  assert.equal(clock.pending, 0);
});
