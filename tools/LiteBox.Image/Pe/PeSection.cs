using System;

namespace LiteBox.Image.Pe;

/// <summary>One section of a PE image, as its header describes it (Microsoft PE/COFF specification, "Section Table").</summary>
/// <param name="Name">At most eight characters.</param>
/// <param name="VirtualAddress">Where it is loaded, relative to the image base.</param>
/// <param name="VirtualSize">Size in memory, in bytes; what an unified kernel image takes as the data's length.</param>
/// <param name="FileOffset">Where its bytes stand in the file.</param>
/// <param name="FileSize">How many bytes stand in the file.</param>
/// <param name="Characteristics">The section flags.</param>
public sealed record PeSection(string Name, uint VirtualAddress, uint VirtualSize, uint FileOffset, uint FileSize, uint Characteristics);

/// <summary>A section to be added to an image: read-only data.</summary>
/// <param name="Name">At most eight ASCII characters.</param>
/// <param name="Data">Its contents.</param>
public readonly record struct NewSection(string Name, ReadOnlyMemory<byte> Data);
