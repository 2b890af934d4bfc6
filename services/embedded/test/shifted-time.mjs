// Loaded before a program, moves its calendar by SHIFT_MS: a schedule can be watched in real time whatever the day and hour.
const shiftMs = Number(process.env.SHIFT_MS);
const now = Date.now;
Date.now = () => now() + shiftMs;
