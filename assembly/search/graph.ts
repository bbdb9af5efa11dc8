export function rateChanged(pool: i32): void {}
