using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using LiteBox.CodeCount;

// Prints the table and writes it to docs/sizes.md.
(string Room, bool Ring0)[] rooms =
[
    ("kernel/North", true), ("kernel/South", true), ("kernel/Platform", true), ("kernel/Abi", true), ("kernel/Kernel", true), ("runtime-shim", true),
    ("boot", false), ("qemu/SnpMachine", false), ("qemu/Harness", false), ("tools", false), ("tests", false),
];

var counts = rooms.Where(room => Directory.Exists(room.Room)).Select(room => (room.Room, room.Ring0, Count: RoomCount.OfDirectory(room.Room))).ToList();
var table = new StringBuilder();
table.Append("| room | files | lines of code | unsafe lines | | SAFETY reasons |\n|---|---:|---:|---:|---:|---:|\n");
foreach ((string room, _, RoomCount count) in counts)
{
    table.Append(Line(room, count));
}

RoomCount kernel = counts.Where(room => room.Ring0).Aggregate(default(RoomCount), (sum, room) => sum + room.Count);
table.Append(Line("**what runs in ring 0**", kernel));
Console.Write(table);
File.WriteAllText("docs/sizes.md", $"""
    # Sizes

    Written by `make sizes`. Lines with code on them, without blank lines and comments; an unsafe line stands in an unsafe context, where
    the compiler does not keep memory whole. North, Platform and Abi cannot have any: their projects do not allow it.

    {table}
    """);

static string Line(string room, RoomCount count) => string.Create(
    CultureInfo.InvariantCulture,
    $"| {room} | {count.Files} | {count.Lines} | {count.UnsafeLines} | {100.0 * count.UnsafeLines / Math.Max(1, count.Lines):F0} % | {count.Reasons} |\n");
