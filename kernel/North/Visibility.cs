using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("LiteBox.North.Tests")]
[assembly: InternalsVisibleTo("LiteBox.SyscallTable")]
