import assert from "node:assert/strict";
import { sensorState, temperatureShare, throttleState } from "./sensors.ts";

Deno.test("sensorState names what is wrong, the sensor itself first", () => {
  const word = (sensor: Record<string, unknown>, value?: number, limits = {}) =>
    sensorState(sensor, value, limits).word;
  assert.equal(word({ fault: true, alarm: true }), "broken or not connected");
  assert.equal(word({ asleep: true }), "asleep");
  assert.equal(word({}, 100, { highest: 100 }), "too high");
  assert.equal(word({}, 20, { highest: 0 }), "in order", "a limit of 0 is one that nobody has set");
  assert.equal(word({}, 0, { lowest: 300 }), "too low");
  assert.equal(word({ alarm: true }, 40, { highest: 100 }), "alarm");
  assert.equal(word({}, 40, { highest: 100 }), "in order");
});

Deno.test("temperatureShare is of the critical temperature, else of the highest allowed", () => {
  assert.equal(temperatureShare({ temperature: 50, crit_temp: 100, max_temp: 80 }), 50);
  assert.equal(temperatureShare({ temperature: 40, crit_temp: 0, max_temp: 80 }), 50);
  assert.equal(temperatureShare({ temperature: 40 }), undefined);
});

Deno.test("throttleState tells now from before, and nothing of other hosts", () => {
  assert.equal(throttleState({}), undefined);
  assert.deepEqual(throttleState({ undervoltage: false }), { word: "in order", isAlarming: false });
  assert.deepEqual(
    throttleState({ denied: "Add the agent to group video." })?.word,
    "Add the agent to group video.",
  );
  assert.deepEqual(throttleState({ undervoltage: true, throttled: false, throttled_occurred: true }), {
    word: "too little voltage now, slowed down since boot",
    isAlarming: true,
  });
});
