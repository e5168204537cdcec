using LiteBox.CodeCount;
using Xunit;

namespace LiteBox.Harness.Tests;

public class CodeCountTests
{
    [Theory]
    [InlineData("", 0, 0, 0)]
    [InlineData("// only\n\n/* words */\n", 0, 0, 0)]
    [InlineData("class A\n{\n    int x; // a field\n}\n", 4, 0, 0)]
    [InlineData("class A\n{\n    // SAFETY: reason\n    unsafe void M()\n    {\n    }\n    void N() { }\n}\n", 7, 3, 1)]
    [InlineData("class A\n{\n    void M()\n    {\n        unsafe\n        {\n            f();\n        }\n    }\n}\n", 10, 4, 0)]
    [InlineData("unsafe struct S\n{\n    int* p;\n}\n", 4, 4, 0)]
    [InlineData("#if FREESTANDING\nclass A { }\n#else\nclass B { }\n#endif\n", 1, 0, 0)]
    public void Code_and_unsafe_code_are_counted(string source, int lines, int unsafeLines, int reasons) =>
        Assert.Equal(new RoomCount(1, lines, unsafeLines, reasons), RoomCount.OfSource(source));
}
