namespace System.Runtime.CompilerServices
{
    public sealed class IntrinsicAttribute : Attribute;

    public sealed class ExtensionAttribute : Attribute;

    public sealed class IsReadOnlyAttribute : Attribute;

    public sealed class IsByRefLikeAttribute : Attribute;

    public sealed class IsUnmanagedAttribute : Attribute;

    public sealed class ScopedRefAttribute : Attribute;

    public sealed class RequiresLocationAttribute : Attribute;

    public sealed class CompilerGeneratedAttribute : Attribute;

    public sealed class ModuleInitializerAttribute : Attribute;

    public sealed class SkipLocalsInitAttribute : Attribute;

    public sealed class UnsafeValueTypeAttribute : Attribute;

    public sealed class PreserveBaseOverridesAttribute : Attribute;

    public sealed class RequiredMemberAttribute : Attribute;

    public sealed class NonVersionableAttribute : Attribute;

    public sealed class ParamCollectionAttribute : Attribute;

    public sealed class ExtensionMarkerAttribute(string name) : Attribute
    {
        public string Name => name;
    }

    /// <summary>The class constructor runs before the kernel's first instruction and not at first use.</summary>
    public sealed class EagerStaticClassConstructionAttribute : Attribute;

    public sealed class DisableRuntimeMarshallingAttribute : Attribute;

    public sealed class RuntimeCompatibilityAttribute : Attribute
    {
        public bool WrapNonExceptionThrows { get; set; }
    }

    public sealed class CompilationRelaxationsAttribute(int relaxations) : Attribute
    {
        public int CompilationRelaxations => relaxations;
    }

    [AttributeUsage(AttributeTargets.All, AllowMultiple = true)]
    public sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
    {
        public string FeatureName => featureName;
        public bool IsOptional { get; set; }
    }

    public sealed class RefSafetyRulesAttribute(int version) : Attribute
    {
        public int Version => version;
    }

    public sealed class NullableContextAttribute(byte flag) : Attribute
    {
        public readonly byte Flag = flag;
    }

    public sealed class NullableAttribute : Attribute
    {
        public readonly byte[] NullableFlags;

        public NullableAttribute(byte flag) => NullableFlags = [flag];

        public NullableAttribute(byte[] flags) => NullableFlags = flags;
    }

    public sealed class NullablePublicOnlyAttribute(bool includesInternals) : Attribute
    {
        public readonly bool IncludesInternals = includesInternals;
    }

    public sealed class NativeIntegerAttribute : Attribute
    {
        public readonly bool[] TransformFlags;

        public NativeIntegerAttribute() => TransformFlags = [true];

        public NativeIntegerAttribute(bool[] flags) => TransformFlags = flags;
    }

    public sealed class TupleElementNamesAttribute(string?[] transformNames) : Attribute
    {
        public string?[] TransformNames => transformNames;
    }

    public sealed class DynamicAttribute : Attribute;

    public sealed class InlineArrayAttribute(int length) : Attribute
    {
        public int Length => length;
    }

    public sealed class FixedBufferAttribute(Type elementType, int length) : Attribute
    {
        public Type ElementType => elementType;
        public int Length => length;
    }

    public sealed class CallerArgumentExpressionAttribute(string parameterName) : Attribute
    {
        public string ParameterName => parameterName;
    }

    public sealed class CallerMemberNameAttribute : Attribute;

    public sealed class CallerFilePathAttribute : Attribute;

    public sealed class CallerLineNumberAttribute : Attribute;

    public sealed class OverloadResolutionPriorityAttribute(int priority) : Attribute
    {
        public int Priority => priority;
    }

    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    public sealed class InternalsVisibleToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName => assemblyName;
    }

    public sealed class IndexerNameAttribute(string indexerName) : Attribute
    {
        public string Value => indexerName;
    }

    public sealed class InterpolatedStringHandlerAttribute : Attribute;

    public sealed class InterpolatedStringHandlerArgumentAttribute : Attribute
    {
        public InterpolatedStringHandlerArgumentAttribute(string argument) => Arguments = [argument];

        public InterpolatedStringHandlerArgumentAttribute(params string[] arguments) => Arguments = arguments;

        public string[] Arguments { get; }
    }

    public sealed class CollectionBuilderAttribute(Type builderType, string methodName) : Attribute
    {
        public Type BuilderType => builderType;
        public string MethodName => methodName;
    }

    [Flags]
    public enum MethodImplOptions
    {
        Unmanaged = 4,
        NoInlining = 8,
        ForwardRef = 16,
        Synchronized = 32,
        NoOptimization = 64,
        PreserveSig = 128,
        AggressiveInlining = 256,
        AggressiveOptimization = 512,
        InternalCall = 4096,
    }

    public sealed class MethodImplAttribute(MethodImplOptions methodImplOptions) : Attribute
    {
        public MethodImplOptions Value => methodImplOptions;
    }

    public static class IsVolatile;

    public static class IsExternalInit;

    public class CallConvCdecl;

    public class CallConvStdcall;

    public class CallConvSuppressGCTransition;

    /// <summary>What the compiler asks about the runtime before it accepts a language feature.</summary>
    public static class RuntimeFeature
    {
        public const string ByRefFields = "ByRefFields";
        public const string ByRefLikeGenerics = "ByRefLikeGenerics";
        public const string DefaultImplementationsOfInterfaces = "DefaultImplementationsOfInterfaces";
        public const string NumericIntPtr = "NumericIntPtr";
        public const string UnmanagedSignatureCallingConvention = "UnmanagedSignatureCallingConvention";
        public const string VirtualStaticsInInterfaces = "VirtualStaticsInInterfaces";
        public const string CovariantReturnsOfClasses = "CovariantReturnsOfClasses";
    }
}

namespace System.Runtime
{
    using System.Runtime.CompilerServices;

    /// <summary>The method is an exported symbol of the object file.</summary>
    public sealed class RuntimeExportAttribute(string entry) : Attribute
    {
        public string EntryPoint => entry;
    }

    /// <summary>The method is a symbol that the linker finds elsewhere: in a stub, or in the image.</summary>
    public sealed class RuntimeImportAttribute : Attribute
    {
        public RuntimeImportAttribute(string entry) => EntryPoint = entry;

        public RuntimeImportAttribute(string library, string entry) => EntryPoint = entry;

        public string EntryPoint { get; }
    }
}
