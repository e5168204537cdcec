using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LiteBox.CodeCount;

/// <summary>The size of one room.</summary>
/// <param name="Files">C# files.</param>
/// <param name="Lines">Lines with code on them; blank lines and comments are not counted.</param>
/// <param name="UnsafeLines">Those of them that stand in an unsafe context, where the compiler does not keep memory whole.</param>
/// <param name="Reasons">SAFETY comments.</param>
internal readonly record struct RoomCount(int Files, int Lines, int UnsafeLines, int Reasons)
{
    public static RoomCount operator +(RoomCount a, RoomCount b) =>
        new(a.Files + b.Files, a.Lines + b.Lines, a.UnsafeLines + b.UnsafeLines, a.Reasons + b.Reasons);

    /// <summary>Counts all C# files of a directory.</summary>
    public static RoomCount OfDirectory(string directory) => Directory
        .EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories)
        .Select(file => OfSource(File.ReadAllText(file)))
        .Aggregate(default(RoomCount), (sum, count) => sum + count);

    /// <summary>Counts one file's text.</summary>
    public static RoomCount OfSource(string text)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(preprocessorSymbols: ["FREESTANDING"]));
        SyntaxNode root = tree.GetRoot();
        SourceText source = tree.GetText();
        var code = new HashSet<int>();
        var unsafeCode = new HashSet<int>();
        foreach (SyntaxToken token in root.DescendantTokens().Where(token => !token.Span.IsEmpty))
        {
            LinePositionSpan span = source.Lines.GetLinePositionSpan(token.Span);
            for (int line = span.Start.Line; line <= span.End.Line; line++)
            {
                code.Add(line);
                if (token.Parent!.AncestorsAndSelf().Any(IsUnsafe))
                {
                    unsafeCode.Add(line);
                }
            }
        }

        int reasons = root.DescendantTrivia().Count(trivia => trivia.ToString().StartsWith("// SAFETY:", StringComparison.Ordinal));
        return new RoomCount(1, code.Count, unsafeCode.Count, reasons);
    }

    private static bool IsUnsafe(SyntaxNode node) => node switch
    {
        UnsafeStatementSyntax => true,
        MemberDeclarationSyntax member => member.Modifiers.Any(SyntaxKind.UnsafeKeyword),
        LocalFunctionStatementSyntax function => function.Modifiers.Any(SyntaxKind.UnsafeKeyword),
        _ => false,
    };
}
