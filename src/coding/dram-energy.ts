import { ValueError } from "../errors.js";

/** What moving one bit costs. */
export interface DramDevice {
  /** Joules per bit read. */
  readonly read: number;
  /** Joules per bit written. */
  readonly write: number;
}

/**
 * DDR3 at 1066 million transfers per second: 77.4 pJ per bit read, 63.3 pJ per bit written. From the power script of the
 * transform-coding paper's reference code, which takes 220 mW x 1.5 for reading and 180 mW x 1.5 for writing, and 4
 * transfer times for 16 bits. A model of one device, without refresh and idle power.
 * @see Chmiel et al. 2020, arXiv:1905.10830, FPGA/power/cnn_power.py of its repository
 */
export const ddr3_1066: DramDevice = {
  read: (0.22 * 1.5 * 4) / 1066e6 / 16,
  write: (0.18 * 1.5 * 4) / 1066e6 / 16,
};

/** Options of {@link dramEnergy}. */
export interface DramEnergyOptions {
  /** How many bits are moved, finite and >= 0; fractions are allowed, for entropies. */
  readonly bits: number;
  /** How often each bit is read; default 1. */
  readonly reads?: number;
  /** How often each bit is written; default 1. */
  readonly writes?: number;
  /** Joules per bit; default {@link ddr3_1066}. */
  readonly device?: DramDevice;
}

/** Energy in joules. */
export interface DramEnergy {
  readonly read: number;
  readonly write: number;
  readonly total: number;
}

/**
 * Returns the energy that moving bits to and from memory takes, in joules: bits x times x joules per bit.
 * @throws ValueError for a number that is negative or not finite
 * @example dramEnergy({ bits: 8 * 2_308_096 }).total // 0.002598 J: each 8-bit map of ResNet-18 written and read once
 */
export function dramEnergy(options: DramEnergyOptions): DramEnergy {
  const { bits, reads = 1, writes = 1, device = ddr3_1066 } = options;
  const given = { bits, reads, writes, "device.read": device.read, "device.write": device.write };
  for (const [name, value] of Object.entries(given)) {
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new ValueError(`dramEnergy: ${name} = ${value}, expected a finite number >= 0`);
    }
  }
  const read = bits * reads * device.read;
  const write = bits * writes * device.write;
  return { read, write, total: read + write };
}
