package io.github.postern.verify.arch;

import static java.util.stream.Collectors.joining;

import java.lang.module.ModuleFinder;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The public API as text: each type of an exported package, and below it each member that a user can see and the first line does not tell. */
final class PublicApi {
    private static final Pattern QUALIFIER = Pattern.compile("\\b(?:[a-z]\\w*\\.)+(?=[A-Z@])");
    private static final Pattern NULLABLE = Pattern.compile("@org\\.jspecify\\.annotations\\.Nullable\\(\\)");

    /** Every class has these. */
    private static final Set<String> COMMON = Set.of("equals", "hashCode", "toString");

    private PublicApi() {}

    static List<String> of(PosternModule module) {
        var lines = new ArrayList<String>();
        var descriptor = ModuleFinder.of(module.classes())
                .find(module.packageName())
                .orElseThrow()
                .descriptor();
        for (var exports : new TreeSet<>(descriptor.exports())) {
            lines.add("");
            lines.add("package " + exports.source() + "  [" + module.folder() + "]");
            types(module, exports.source()).forEach(type -> {
                lines.add("");
                lines.add(headline(type));
                members(type).map(member -> "    " + member).forEach(lines::add);
            });
        }
        return lines;
    }

    private static Stream<Class<?>> types(PosternModule module, String packageName) {
        var folder = module.classes().resolve(packageName.replace('.', '/'));
        return PosternModule.files(folder, ".class").stream()
                .filter(file -> folder.equals(file.getParent()))
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.equals("package-info.class"))
                .map(name -> packageName + "." + name.substring(0, name.length() - ".class".length()))
                .sorted()
                .<Class<?>>map(PublicApi::load)
                .filter(PublicApi::isVisible);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || !isVisible(type.getModifiers())) {
            return false;
        }
        return type.getEnclosingClass() == null || isVisible(type.getEnclosingClass());
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String headline(Class<?> type) {
        var parents = new TreeSet<String>();
        if (type.getSuperclass() != null
                && !Set.of(Object.class, Enum.class, Record.class).contains(type.getSuperclass())) {
            parents.add(simple(type.getAnnotatedSuperclass().toString()));
        }
        for (var parent : type.getAnnotatedInterfaces()) {
            parents.add(simple(parent.toString()));
        }
        return modifiers(type)
                + nameOf(type)
                + typeParameters(type.getTypeParameters())
                + (type.isRecord() ? components(type) : "")
                + (parents.isEmpty() ? "" : " : " + String.join(", ", parents))
                + (type.isSealed() ? " = " + permitted(type) : "");
    }

    private static String modifiers(Class<?> type) {
        var words = new ArrayList<String>();
        if (Modifier.isProtected(type.getModifiers())) {
            words.add("protected");
        }
        if (type.isRecord() || type.isEnum()) {
            words.add(type.isRecord() ? "record" : "enum");
        } else {
            if (type.isSealed()) {
                words.add("sealed");
            } else if (Modifier.isFinal(type.getModifiers())) {
                words.add("final");
            }
            if (Modifier.isAbstract(type.getModifiers()) && !type.isInterface()) {
                words.add("abstract");
            }
            words.add(type.isAnnotation() ? "annotation" : type.isInterface() ? "interface" : "class");
        }
        return String.join(" ", words) + " ";
    }

    private static String components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> simple(component.getAnnotatedType()) + " " + component.getName())
                .collect(joining(", ", "(", ")"));
    }

    private static String permitted(Class<?> type) {
        return Arrays.stream(type.getPermittedSubclasses())
                .map(permitted -> isVisible(permitted) ? nameOf(permitted) : "(hidden)")
                .sorted()
                .collect(joining(" | "));
    }

    /** What the headline does not already say, in the order of the names; constructors first. */
    private static Stream<String> members(Class<?> type) {
        var lines = new TreeMap<String, String>();
        for (var constructor : type.getDeclaredConstructors()) {
            if (isOffered(constructor) && !isCanonical(type, constructor)) {
                var line = line(type, constructor);
                lines.put("0 " + line, line);
            }
        }
        for (var field : type.getDeclaredFields()) {
            if (isOffered(field)) {
                lines.put("1 " + field.getName(), line(field));
            }
        }
        for (var method : type.getDeclaredMethods()) {
            if (isOffered(method) && !isImplied(type, method)) {
                var line = line(type, method);
                lines.put("2 " + method.getName() + " " + line, line);
            }
        }
        return lines.values().stream();
    }

    private static boolean isCanonical(Class<?> type, Constructor<?> constructor) {
        return type.isRecord()
                && Arrays.equals(
                        constructor.getParameterTypes(),
                        Arrays.stream(type.getRecordComponents())
                                .map(RecordComponent::getType)
                                .toArray());
    }

    private static boolean isImplied(Class<?> type, Method method) {
        if (COMMON.contains(method.getName())) {
            return true;
        }
        if (type.isEnum()) {
            return method.getName().equals("values") || method.getName().equals("valueOf");
        }
        return type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getAccessor().equals(method));
    }

    private static boolean isOffered(Member member) {
        return isVisible(member.getModifiers()) && !member.isSynthetic();
    }

    private static String line(Field field) {
        if (field.isEnumConstant()) {
            return field.getName();
        }
        return modifiers(field) + simple(field.getAnnotatedType()) + " " + field.getName();
    }

    private static String line(Class<?> type, Constructor<?> constructor) {
        return modifiers(constructor)
                + typeParameters(constructor.getTypeParameters())
                + type.getSimpleName()
                + parameters(constructor);
    }

    private static String line(Class<?> type, Method method) {
        var generic = typeParameters(method.getTypeParameters());
        return (type.isInterface() && method.isDefault() ? "default " : "")
                + modifiers(method)
                + (generic.isEmpty() ? "" : generic + " ")
                + simple(method.getAnnotatedReturnType())
                + " "
                + method.getName()
                + parameters(method);
    }

    private static String modifiers(Member member) {
        var words = new ArrayList<String>();
        if (Modifier.isProtected(member.getModifiers())) {
            words.add("protected");
        }
        if (Modifier.isStatic(member.getModifiers())) {
            words.add("static");
        }
        if (Modifier.isAbstract(member.getModifiers())
                && !member.getDeclaringClass().isInterface()) {
            words.add("abstract");
        }
        return words.isEmpty() ? "" : String.join(" ", words) + " ";
    }

    private static String parameters(Executable executable) {
        var parameters = Arrays.stream(executable.getAnnotatedParameterTypes())
                .map(PublicApi::simple)
                .collect(joining(", ", "(", ")"));
        if (executable.isVarArgs()) {
            parameters = parameters.replaceFirst("\\[]\\)$", "...)");
        }
        var thrown = Arrays.stream(executable.getAnnotatedExceptionTypes())
                .map(PublicApi::simple)
                .sorted()
                .collect(joining(", "));
        return parameters + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String typeParameters(TypeVariable<?>[] parameters) {
        if (parameters.length == 0) {
            return "";
        }
        return Arrays.stream(parameters)
                .map(parameter -> parameter.getName()
                        + Arrays.stream(parameter.getAnnotatedBounds())
                                .map(PublicApi::simple)
                                .filter(bound -> !bound.equals("Object"))
                                .collect(joining(" & "))
                                .transform(bounds -> bounds.isEmpty() ? "" : " extends " + bounds))
                .collect(joining(", ", "<", ">"));
    }

    private static String nameOf(Class<?> type) {
        var name = type.getCanonicalName();
        return name.substring(type.getPackageName().length() + 1);
    }

    private static String simple(AnnotatedType type) {
        return simple(type.toString());
    }

    /** Names without their packages, as they stand in a source file below its imports. */
    private static String simple(String text) {
        var nullable = NULLABLE.matcher(text).replaceAll("@Nullable");
        return QUALIFIER.matcher(nullable).replaceAll("").replace('$', '.');
    }
}
