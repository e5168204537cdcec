using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using LiteBox.GuestKit;
using Xunit.Sdk;

namespace LiteBox.Guest.Tests;

/// <summary>Data of a theory, once for each machine: the machine comes first, then the values given here.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EveryPlatformAttribute(params object[] values) : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        Enum.GetValues<GuestPlatform>().Select(platform => (object[])[platform, .. values]);
}
