/** Writes the bytes of the program that holds a pod's namespaces: it waits, reaps children, and exits on TERM or INT. */
// A fresh machine has no compiler and need not reach a registry, so the program is written down instruction by
// instruction. As the first process of a PID namespace it gets no signal that it neither handles nor blocks; blocked
// ones are queued, and rt_sigtimedwait takes them from there, so no handler and no libc is needed:
//
//   rt_sigprocmask(SIG_BLOCK, {INT, TERM, CHLD})
//   for (;;) {
//     signal = rt_sigtimedwait({INT, TERM, CHLD})
//     if (signal == TERM || signal == INT) exit_group(0)
//     while (wait4(-1, NULL, WNOHANG, NULL) > 0);
//   }

export type Architecture = 'x64' | 'arm64';

const loadAddress = 0x400000n;
const elfHeaderSize = 64;
const programHeaderSize = 56;

/** A static ELF executable for Linux. */
export function sandboxElf(architecture: Architecture): Buffer {
  const code = architecture === 'x64' ? x64Code() : arm64Code();
  const header = Buffer.alloc(elfHeaderSize + programHeaderSize);
  const size = BigInt(header.length + code.length);
  header.write('\x7fELF', 'latin1');
  header.set([2, 1, 1], 4); // 64 bits, little endian, version 1
  header.writeUInt16LE(2, 16); // executable
  header.writeUInt16LE(architecture === 'x64' ? 62 : 183, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(loadAddress + BigInt(header.length), 24); // entry point: right after the headers
  header.writeBigUInt64LE(BigInt(elfHeaderSize), 32); // where the program header stands
  header.writeUInt16LE(elfHeaderSize, 52);
  header.writeUInt16LE(programHeaderSize, 54);
  header.writeUInt16LE(1, 56); // one program header
  header.writeUInt32LE(1, 64); // PT_LOAD
  header.writeUInt32LE(5, 68); // readable and executable
  header.writeBigUInt64LE(loadAddress, 80);
  header.writeBigUInt64LE(loadAddress, 88);
  header.writeBigUInt64LE(size, 96);
  header.writeBigUInt64LE(size, 104);
  header.writeBigUInt64LE(0x10000n, 112); // alignment that suits every page size
  return Buffer.concat([header, code]);
}

// Bit n-1 stands for signal n: INT 2, TERM 15, CHLD 17.
const signals = (1 << 1) | (1 << 14) | (1 << 16);
const sigterm = 15;
const sigint = 2;

function x64Code(): Buffer {
  const number = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
  const setEax = (value: number) => [0xb8, ...number(value)];
  const syscall = [0x0f, 0x05];
  const begin = [
    ...[0x68, ...number(signals)], // push the signal set
    ...setEax(14), // rt_sigprocmask
    ...[0x31, 0xff], // xor edi, edi: SIG_BLOCK
    ...[0x48, 0x89, 0xe6], // mov rsi, rsp
    ...[0x31, 0xd2], // xor edx, edx
    ...[0x41, 0xba, ...number(8)], // mov r10d, 8
    ...syscall,
  ];
  const wait = [
    ...setEax(128), // rt_sigtimedwait
    ...[0x48, 0x89, 0xe7], // mov rdi, rsp
    ...[0x31, 0xf6], // xor esi, esi
    ...[0x31, 0xd2], // xor edx, edx
    ...[0x41, 0xba, ...number(8)], // mov r10d, 8
    ...syscall,
  ];
  const reap = [
    ...setEax(61), // wait4
    ...[0x48, 0xc7, 0xc7, ...number(-1)], // mov rdi, -1
    ...[0x31, 0xf6], // xor esi, esi
    ...[0xba, ...number(1)], // mov edx, WNOHANG
    ...[0x45, 0x31, 0xd2], // xor r10d, r10d
    ...syscall,
    ...[0x48, 0x85, 0xc0], // test rax, rax
  ];
  const exit = [...setEax(231), ...[0x31, 0xff], ...syscall]; // exit_group(0)
  // Jumps of two bytes, relative to the instruction after them.
  const compareAndLeave = (signal: number, distance: number) => [0x83, 0xf8, signal, 0x74, distance];
  const reapAndLoop = reap.length + 2 + 2;
  const loop = [
    ...wait,
    ...compareAndLeave(sigterm, 5 + reapAndLoop),
    ...compareAndLeave(sigint, reapAndLoop),
    ...reap,
    ...[0x7f, (256 - reap.length - 2) & 255], // jg reap
  ];
  return Buffer.from([...begin, ...loop, 0xeb, (256 - loop.length - 2) & 255, ...exit]); // jmp wait
}

function arm64Code(): Buffer {
  const [x0, x1, x2, x3, x8] = [0, 1, 2, 3, 8];
  const set = (register: number, value: number) => 0xd2800000 | (value << 5) | register; // movz
  const setHigh = (register: number, value: number) => 0xf2a00000 | (value << 5) | register; // movk, lsl 16
  const fromStack = (register: number) => 0x910003e0 | register; // mov register, sp
  const compareX0 = (value: number) => 0xf100001f | (value << 10);
  const syscall = 0xd4000001;
  const equal = 0x0;
  const greater = 0xc;
  const branch = (condition: number, words: number) => 0x54000000 | ((words & 0x7ffff) << 5) | condition;
  const begin = [
    set(x0, signals & 0xffff),
    setHigh(x0, signals >> 16),
    0xf81f0fe0, // str x0, [sp, #-16]!
    ...[set(x0, 0), fromStack(x1), set(x2, 0), set(x3, 8), set(x8, 135), syscall], // rt_sigprocmask
  ];
  const wait = [fromStack(x0), set(x1, 0), set(x2, 0), set(x3, 8), set(x8, 137), syscall]; // rt_sigtimedwait
  const minusOne = 0x92800000; // movn x0, 0
  const reap = [minusOne, set(x1, 0), set(x2, 1), set(x3, 0), set(x8, 260), syscall, compareX0(0)]; // wait4
  const exit = [set(x0, 0), set(x8, 94), syscall]; // exit_group(0)
  const afterLoop = reap.length + 2; // the two branches that close the loops
  const loop = [
    ...wait,
    compareX0(sigterm),
    branch(equal, afterLoop + 3),
    compareX0(sigint),
    branch(equal, afterLoop + 1),
    ...reap,
    branch(greater, -reap.length),
  ];
  const jump = 0x14000000 | (-loop.length & 0x3ffffff);
  const words = [...begin, ...loop, jump, ...exit];
  const code = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => code.writeUInt32LE(word >>> 0, i * 4));
  return code;
}
