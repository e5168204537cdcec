using LiteBox.Runtime;
using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime
{
    /// <summary>Which types may stand for which: ECMA-335 I.8.7, as far as an image without reflection needs it.</summary>
    internal static unsafe class TypeRelations
    {
        /// <summary>Whether an object of a type may be used as another type.</summary>
        /// <param name="source">The type of the object, or of an element.</param>
        /// <param name="target">The type that is asked for.</param>
        /// <param name="boxed">The source is the type of an object, so a struct counts as the reference to its box.</param>
        /// <param name="sameSize">Integers of the same size may stand for each other, as the elements of arrays.</param>
        internal static bool IsAssignable(MethodTable* source, MethodTable* target, bool boxed, bool sameSize = false)
        {
            if (source == target)
            {
                return true;
            }

            if (target->IsInterface)
            {
                return (boxed || !source->IsValueType) &&
                    (Implements(source, target) || IsVariantMatch(source, target, forceCovariance: false));
            }

            if (source->IsInterface)
            {
                return target == MethodTable.Of<object>();
            }

            if (target->IsParameterized)
            {
                return source->IsParameterized && source->BaseSize == target->BaseSize && source->ElementType == target->ElementType
                    && IsAssignable(source->ParameterType, target->ParameterType, boxed: false, sameSize: true);
            }

            if (source->IsParameterized)
            {
                return source->IsArray && (target == MethodTable.Of<Array>() || target == MethodTable.Of<object>());
            }

            if (source->IsValueType && !boxed)
            {
                return sameSize && source->IsPrimitive && target->IsPrimitive && Integer(source->ElementType) == Integer(target->ElementType);
            }

            return Derives(source, target) || (target->HasVariance && IsVariantMatch(source, target, forceCovariance: false));
        }

        /// <summary>Whether one instance of a generic interface or delegate may stand for another.</summary>
        internal static bool IsVariantMatch(MethodTable* source, MethodTable* target, bool forceCovariance)
        {
            if (!source->IsGeneric || !target->IsGeneric || source->GenericDefinition != target->GenericDefinition
                || (!forceCovariance && !target->HasVariance))
            {
                return false;
            }

            // SAFETY: a type with variance has one byte of it for each parameter.
            GenericVariance* variance = target->Variance;
            for (int i = 0; i < target->GenericArity; i++)
            {
                MethodTable* from = source->GenericArgument(i);
                MethodTable* to = target->GenericArgument(i);
                bool matches = (forceCovariance ? GenericVariance.ArrayCovariant : variance[i]) switch
                {
                    GenericVariance.NonVariant => from == to,
                    GenericVariance.Covariant => IsAssignable(from, to, boxed: false),
                    GenericVariance.Contravariant => IsAssignable(to, from, boxed: false),
                    _ => IsAssignable(from, to, boxed: false, sameSize: true),
                };
                if (!matches)
                {
                    return false;
                }
            }

            return true;
        }

        private static bool Implements(MethodTable* type, MethodTable* interfaceType)
        {
            // SAFETY (both loops): the type has that many interfaces.
            MethodTable** interfaces = type->Interfaces;
            int count = type->InterfaceCount;
            for (int i = 0; i < count; i++)
            {
                if (interfaces[i] == interfaceType)
                {
                    return true;
                }
            }

            if (interfaceType->HasVariance)
            {
                for (int i = 0; i < count; i++)
                {
                    if (IsVariantMatch(interfaces[i], interfaceType, type->IsArray))
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        internal static bool Derives(MethodTable* type, MethodTable* ancestor)
        {
            // An array has its element type where a class has its base.
            if (type->IsParameterized)
            {
                type = type->BaseType;
            }

            for (; type != null; type = type->ParameterType)
            {
                if (type == ancestor)
                {
                    return true;
                }
            }

            return false;
        }

        private static EETypeElementType Integer(EETypeElementType type) => type switch
        {
            EETypeElementType.Byte => EETypeElementType.SByte,
            EETypeElementType.UInt16 => EETypeElementType.Int16,
            EETypeElementType.UInt32 => EETypeElementType.Int32,
            EETypeElementType.UInt64 or EETypeElementType.IntPtr or EETypeElementType.UIntPtr => EETypeElementType.Int64,
            _ => type,
        };
    }
}

namespace System.Runtime
{
    using Internal.Runtime;

    /// <summary>The casts as the compiler calls them.</summary>
    internal static unsafe class TypeCast
    {
        [RuntimeExport("RhTypeCast_IsInstanceOfAny")]
        public static object? IsInstanceOfAny(MethodTable* target, object? obj) =>
            obj == null || TypeRelations.IsAssignable(obj.GetMethodTable(), target, boxed: true) ? obj : null;

        // SAFETY: a type has as many interfaces as it says.
        [RuntimeExport("RhTypeCast_IsInstanceOfInterface")]
        public static object? IsInstanceOfInterface(MethodTable* target, object? obj)
        {
            if (obj == null)
            {
                return null;
            }

            MethodTable* type = obj.GetMethodTable();
            MethodTable** interfaces = type->Interfaces;
            for (int i = type->InterfaceCount; i > 0; i--, interfaces++)
            {
                if (*interfaces == target)
                {
                    return obj;
                }
            }

            return target->HasVariance ? IsInstanceOfAny(target, obj) : null;
        }

        [RuntimeExport("RhTypeCast_IsInstanceOfClass")]
        public static object? IsInstanceOfClass(MethodTable* target, object? obj) =>
            obj == null || obj.GetMethodTable() == target || TypeRelations.Derives(obj.GetMethodTable(), target) ? obj : null;

        [RuntimeExport("RhTypeCast_IsInstanceOfException")]
        public static bool IsInstanceOfException(MethodTable* target, object? obj) => IsInstanceOfClass(target, obj) != null;

        [RuntimeExport("RhTypeCast_CheckCastAny")]
        public static object? CheckCastAny(MethodTable* target, object? obj) => obj == null ? null : IsInstanceOfAny(target, obj) ?? Fail();

        [RuntimeExport("RhTypeCast_CheckCastInterface")]
        public static object? CheckCastInterface(MethodTable* target, object? obj) => obj == null ? null : IsInstanceOfInterface(target, obj) ?? Fail();

        [RuntimeExport("RhTypeCast_CheckCastClass")]
        public static object? CheckCastClass(MethodTable* target, object? obj) => obj == null ? null : IsInstanceOfClass(target, obj) ?? Fail();

        [RuntimeExport("RhTypeCast_CheckCastClassSpecial")]
        public static object? CheckCastClassSpecial(MethodTable* target, object? obj) => CheckCastClass(target, obj);

        [RuntimeExport("RhTypeCast_CheckArrayStore")]
        public static void CheckArrayStore(object array, object? obj)
        {
            if (obj != null && !TypeRelations.IsAssignable(obj.GetMethodTable(), array.GetMethodTable()->ParameterType, boxed: true))
            {
                FailFast.Stop("ArrayTypeMismatchException");
            }
        }

        // SAFETY (both below): the index is checked, and elements of arrays of references are references.
        [RuntimeExport("RhpLdelemaRef")]
        public static ref object? LdelemaRef(object?[] array, nint index, MethodTable* elementType)
        {
            if ((nuint)index >= (nuint)(uint)array.Length)
            {
                FailFast.Stop("IndexOutOfRangeException");
            }

            if (array.GetMethodTable()->ParameterType != elementType)
            {
                FailFast.Stop("ArrayTypeMismatchException");
            }

            return ref Unsafe.Add(ref Unsafe.As<byte, object?>(ref Unsafe.As<RawArrayData>(array).Data), index);
        }

        [RuntimeExport("RhpStelemRef")]
        public static void StelemRef(object?[] array, nint index, object? obj)
        {
            if ((nuint)index >= (nuint)(uint)array.Length)
            {
                FailFast.Stop("IndexOutOfRangeException");
            }

            MethodTable* elementType = array.GetMethodTable()->ParameterType;
            if (obj != null && elementType != obj.GetMethodTable() && elementType != MethodTable.Of<object>())
            {
                CheckArrayStore(array, obj);
            }

            Unsafe.Add(ref Unsafe.As<byte, object?>(ref Unsafe.As<RawArrayData>(array).Data), index) = obj;
        }

        private static object Fail()
        {
            FailFast.Stop("InvalidCastException");
            return null;
        }
    }
}
